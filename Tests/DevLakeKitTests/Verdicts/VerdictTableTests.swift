import Testing

@testable import DevLakeKit

/// The verdicts on what real servers answered, held against the tables of the facts.
struct VerdictTableTests {
  @Test
  func `both tables are there, every plugin with eleven things a service does, and what is good`() {
    let september = VerdictTable.cells.filter { $0.recording.hasPrefix("2026/") }
    #expect(Set(september.map(\.plugin)).count == 9)
    #expect(september.count == 9 * 12)
    #expect(VerdictTable.cells.count - september.count == 10 * 12 + 1)
  }

  @Test(arguments: VerdictTable.cells)
  func `the outcome and its cause are those of the table`(_ cell: VerdictTable.Cell) throws {
    let name = cell.mode == "ok" ? "test-ok" : "test-upstream-\(cell.mode)"
    let exchange = try #require(
      ContractExchange.all(of: cell.recording).first { $0.name == name },
      "\(cell.recording) has no \(name)"
    )
    let answer = try #require(exchange.answers.first)
    let body = answer.body ?? .null
    #expect(answer.status == cell.status)
    #expect((body["success"]?.bool ?? false) == cell.isPassed || cell.plugin == "github")
    let plugin = try #require(PluginRegistry.standard[cell.plugin])
    let verdict = try self.verdict(answer, of: plugin, exchange)
    #expect(Self.outcomes(of: cell, plugin).contains(verdict.outcome), "\(verdict)")
    guard verdict.outcome == .failed else { return }
    let causes = Self.causes(of: cell)
    #expect(causes.isEmpty || causes.contains(verdict.cause ?? .unknown), "\(verdict)")
  }

  private func verdict(
    _ answer: ContractExchange.Received,
    of plugin: PluginDescriptor,
    _ exchange: ContractExchange
  ) throws -> Verdict {
    let sent = try JSONValue(parsing: exchange.requests.first?.body ?? [])
    let response = HTTPResponse(
      status: answer.status,
      headers: [("content-type", answer.contentType ?? "")],
      body: answer.body.map { Array($0.text.utf8) } ?? []
    )
    var reader = VerdictReader(
      plugin: plugin,
      endpoint: sent["endpoint"]?.string,
      authMethod: sent["authMethod"]?.string
    )
    return reader.verdict(of: APIAnswer(response, redactor: Redactor()))
  }

  /// Where a page passes, a test that passes tells nothing.
  private static func outcomes(
    of cell: VerdictTable.Cell,
    _ plugin: PluginDescriptor
  ) -> Set<Verdict.Outcome> {
    guard cell.isPassed, cell.status < 300 else { return [.failed] }
    let page = VerdictTable.cells.first {
      $0.recording == cell.recording && $0.mode == "html"
    }
    return page?.isPassed == true && page?.status == 200 ? [.unverified] : [.passed]
  }

  /// What the service did, in other words; where DevLake tells two of them alike, either.
  private static func causes(of cell: VerdictTable.Cell) -> Set<Verdict.Cause> {
    switch cell.mode {
    case "401", "403":
      let both = VerdictTable.cells.filter {
        $0.recording == cell.recording && ["401", "403"].contains($0.mode)
      }
      let areAlike = Set(both.map(\.status)).count == 1
      return areAlike
        ? [.credential, .permission] : cell.mode == "401" ? [.credential] : [.permission]
    case "404": return [.endpoint]
    case "429": return [.rateLimit]
    case "500", "502": return [.service]
    case "refused": return [.connection]
    case "dns-fail": return [.nameResolution]
    // A page is taken for a user's key by cursor, and for nothing by others.
    default: return cell.mode == "html" && cell.plugin != "cursor" ? [.endpoint] : []
    }
  }
}
