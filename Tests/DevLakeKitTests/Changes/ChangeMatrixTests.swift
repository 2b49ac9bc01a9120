import DevLakeSimulator
import Testing

@testable import DevLakeKit

/// Every flow × every request of it × every fault, before the request is carried out and after it: what
/// is said, what is in the journal and what DevLake has agree.
struct ChangeMatrixTests {
  /// Something that is changed, and how one sees that it is.
  struct Flow: Sendable {
    let name: String
    let run: @Sendable (Changes) async throws -> ChangeResults
    /// Whether DevLake has what the change of that place in the results wants.
    let isDone: @Sendable (Simulator, Int) -> Bool
  }

  private static func value(
    _ simulator: Simulator,
    _ plugin: String,
    _ id: Int,
    _ field: String
  )
    -> JSONValue?
  {
    simulator.connections(plugin).first { $0["id"]?.int == id }?[field]
  }

  private static func body(_ members: (String, RequestBody.Value)...) -> RequestBody {
    var body = RequestBody()
    for (name, value) in members { body[name] = value }
    return body
  }

  private static func update(
    _ plugin: PluginDescriptor,
    _ field: String,
    _ value: JSONValue
  ) -> Flow {
    Flow(
      name: "update \(plugin.id) \(field)",
      run: { changes in
        let connection = try await changes.administrator.client.connection(1, of: plugin)
        return await changes.run([
          .update(connection, of: plugin, to: body((field, .json(value))))
        ])
      },
      isDone: { simulator, _ in Self.value(simulator, plugin.id, 1, field) == value }
    )
  }

  private static func rotation(_ plugin: PluginDescriptor, _ field: String, _ text: String) -> Flow
  {
    Flow(
      name: "rotate \(plugin.id)",
      run: { changes in
        let connection = try await changes.administrator.client.connection(1, of: plugin)
        return await changes.run([
          .update(
            connection,
            of: plugin,
            to: body((field, .secret(Secret(text)))),
            action: .rotate
          )
        ])
      },
      isDone: { simulator, _ in
        Self.value(simulator, plugin.id, 1, field) == .string(text)
      }
    )
  }

  private static func send(_ method: String, _ members: RequestBody?) -> Flow {
    Flow(
      name: "api \(method)",
      run: { changes in
        let route = try Route("/plugins/gitlab/connections/2")
        return await changes.run([.sending(method, route, body: members)])
      },
      isDone: { simulator, _ in
        method == "DELETE"
          ? value(simulator, "gitlab", 2, "id") == nil
          : value(simulator, "gitlab", 2, "name") == "sent"
      }
    )
  }

  static let flows: [Flow] = [
    update(.gitlab, "name", "new"),
    update(.gitlab, "proxy", "http://new:3128"),
    update(.github, "rateLimitPerHour", 77),
    rotation(.gitlab, "token", "glpat-fresh-0123456789"),
    rotation(.github, "token", "ghp_" + String(repeating: "n", count: 36)),
    rotation(.jenkins, "password", "fresh"),
    Flow(
      name: "rotate two",
      run: { changes in
        let list = try await changes.administrator.client.connections(of: .gitlab)
        return await changes.run(
          list.compactMap {
            Change.rotation(of: $0, .gitlab, to: Secret("glpat-fresh-0123456789"))
          }
        )
      },
      isDone: { value($0, "gitlab", $1 + 1, "token") == "glpat-fresh-0123456789" }
    ),
    Flow(
      name: "create",
      run: { changes in
        await changes.run([
          .creation(
            body(
              ("name", .json("made")),
              ("endpoint", .json("https://circleci.com/api/")),
              ("token", .secret(Secret("CCIPAT_fresh_0123456789")))
            ),
            of: .circleci
          )
        ])
      },
      isDone: { simulator, _ in
        simulator.connections("circleci").contains { $0["name"] == "made" }
      }
    ),
    Flow(
      name: "delete",
      run: { changes in
        let connection = try await changes.administrator.client.connection(2, of: .gitlab)
        return await changes.run([
          .deletion(of: connection, .gitlab, precondition: .unchanged())
        ])
      },
      isDone: { simulator, _ in value(simulator, "gitlab", 2, "id") == nil }
    ),
    Flow(
      name: "delete with what depends on it",
      run: { changes in
        let connection = try await changes.administrator.client.connection(1, of: .github)
        let impact = try await changes.administrator.impact(of: connection.key, .github)
        return await changes.run([try .cascade(connection, .github, impact)])
      },
      isDone: { simulator, _ in value(simulator, "github", 1, "id") == nil }
    ),
    send("PATCH", body(("name", .json("sent")))),
    send("DELETE", nil),
  ]

  /// What may be answered in DevLake's place, and by what stands before it.
  static let faults = [
    "reset", "close", "cut:0", "cut:1", "cut:20", "html", "garbage", "notutf8", "redirect301",
    "otherid", "stale", "empty500list", "status:200:{}", "status:200:null", "status:200:[]",
    "status:200:\"x\"", "status:200:{\"success\":false}", "status:204", "status:500:",
    "status:404:404 page not found", "status:404:{\"message\":\"no Route matched\"}",
    "status:400:{\"message\":\"bad\"}", "status:408:{\"error\":\"timeout\"}",
    "status:499:{\"message\":\"gone\"}", "status:500:{\"message\":\"An error occurred\"}",
    "status:502:{\"message\":\"x\"}", "status:502:bad gateway", "status:503:{\"message\":\"x\"}",
    "status:504:{\"message\":\"The upstream server is timing out\"}", "status:504:timeout",
    "status:524:{\"status\":524}", "status:530:{\"error\":{\"message\":\"x\"}}",
    "status:429:{\"message\":\"API rate limit exceeded\"}",
  ]
  /// DevLake's own words: who carries a request out and then says them lies so that nobody sees it.
  static let ownFaults = [
    "status:400", "status:401", "status:403", "status:404", "status:409", "migrating",
    "retryafter:1", "status:500",
  ]

  /// A request of a flow: which of its kind it is, from 1.
  struct Place: Sendable, CustomStringConvertible {
    let method: String
    let path: String
    let number: Int
    var description: String { "\(method) \(path)#\(number)" }
    var writes: Bool { method != "GET" && !path.hasSuffix("/test") }
  }

  private func places(of flow: Flow) async throws -> [Place] {
    try await Simulator.with(seed: .demo) { simulator in
      let results = try await flow.run(try changes(simulator, ChangeExecutorTests.Kept()))
      #expect(results.isDone, "\(flow.name): \(results.results.map(\.outcome.problem))")
      var seen: [String: Int] = [:]
      return simulator.requests.map { request in
        let kind = "\(request.method) \(request.path)"
        seen[kind, default: 0] += 1
        return Place(method: request.method, path: request.path, number: seen[kind] ?? 1)
      }
    }
  }

  private func changes(
    _ simulator: Simulator,
    _ journal: ChangeExecutorTests.Kept
  ) throws -> Changes {
    var changes = Changes(
      in: DevLakeClient(
        baseURL: try ServerURL(simulator.url),
        transport: AsyncHTTPTransport()
      )
    )
    changes.journal = journal
    return changes
  }

  /// One cell: what went wrong, in words; `nil` when all agrees.
  private struct Cell: Sendable {
    let flow: Flow
    let rules: [String]
    /// Whether a later answer tells what became of it.
    let isAnswered: Bool
  }

  private func complaint(_ cell: Cell) async -> String? {
    let journal = ChangeExecutorTests.Kept()
    do {
      let rules = try cell.rules.map { try FaultRule(parsing: $0) }
      return try await Simulator.with(seed: .demo, faults: rules) { simulator in
        let results: ChangeResults
        do {
          results = try await cell.flow.run(try changes(simulator, journal))
        } catch {
          // It was not even begun.
          let done = cell.flow.isDone(simulator, 0)
          return done || !journal.records.isEmpty ? "thrown, and something was done" : nil
        }
        for (index, result) in results.results.enumerated() {
          let isThere = cell.flow.isDone(simulator, index)
          let outcome = result.outcome
          switch outcome.state {
          case .done where !isThere: return "said done, and is not"
          case .failed where isThere && !outcome.isWritten: return "said failed, and is done"
          case .skipped where isThere: return "said skipped, and is done"
          case .unknown where cell.isAnswered: return "said unknown, and a look-up would tell"
          default: break
          }
        }
        let open = journal.records.reduce(0) { count, record in
          count + (record.outcome == .started ? 1 : 0)
        }
        let ended = journal.records.count { $0.outcome != .started }
        return ended < open ? "the journal lacks an end" : nil
      }
    } catch {
      return "\(error)"
    }
  }

  private func run(_ cells: [Cell]) async {
    await withTaskGroup(of: (Int, String?).self) { group in
      var next = 0
      func start() {
        guard next < cells.count else { return }
        let (index, cell) = (next, cells[next])
        next += 1
        group.addTask { (index, await complaint(cell)) }
      }
      for _ in 0..<8 { start() }
      while let (index, complaint) = await group.next() {
        if let complaint {
          Issue.record("\(cells[index].flow.name) \(cells[index].rules): \(complaint)")
        }
        start()
      }
    }
  }

  /// Whether no client can see through it: a deletion that is answered with the row as it was.
  private static func isLie(_ place: Place, _ fault: String) -> Bool {
    place.method == "DELETE" && fault == "stale"
  }

  @Test func `what is said, what is kept and what DevLake has agree in 3,000 cells`() async throws {
    var count = 0
    for flow in Self.flows {
      let places = try await places(of: flow)
      var cells: [Cell] = []
      for place in places {
        for fault in Self.faults where !Self.isLie(place, fault) {
          cells.append(Cell(flow: flow, rules: ["\(place)=\(fault)"], isAnswered: true))
          guard place.writes else { continue }
          cells.append(Cell(flow: flow, rules: ["\(place)=after:\(fault)"], isAnswered: true))
        }
        for fault in Self.ownFaults {
          cells.append(Cell(flow: flow, rules: ["\(place)=\(fault)"], isAnswered: true))
        }
      }
      // The look-up meets something, too, and every later one.
      for place in places where place.writes {
        let reads = places.filter { $0.path == place.path && $0.method == "GET" }.count
        let list = place.path.hasSuffix("/connections")
        let lookUp = "GET \(place.path)#\(reads + 1)+"
        for fault in ["lost", "close", "after:status:504:{}", "status:504:{}"] {
          // An empty list is an answer like any other.
          for second in Self.faults where second != "stale" && !(list && second == "status:200:[]")
          {
            cells.append(
              Cell(
                flow: flow,
                rules: ["\(place)=\(fault)", "\(lookUp)=\(second)"],
                isAnswered: false
              )
            )
          }
        }
      }
      count += cells.count
      await run(cells)
    }
    #expect(count >= 3000)
  }
}
