import Synchronization
import Testing

@testable import DevLakeKit
@testable import DevLakeSimulator

/// Which rows are found to break DevLake's list of GitHub's connections.
struct BrokenRowsTests {
  private static let count = 25
  private static let good = "ghp_Test1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01"

  /// A DevLake whose rows of these ids hold a token too short for its masking.
  private func administrator(
    broken: Set<Int>,
    altering: @escaping @Sendable (Request) -> Answer? = { _ in nil }
  ) throws -> Administrator {
    let rows = (1...Self.count).map { id -> JSONValue in
      [
        "plugin": "github", "id": .integer(id), "name": .string("row-\(id)"),
        "endpoint": "https://api.github.com/", "authMethod": "AccessToken",
        "token": .string(broken.contains(id) ? "ghp_tooShort" : Self.good),
      ]
    }
    let devLake = try Seed.json(["connections": .array(rows)]).devLake(era: .may2026)
    let transport = InProcess(devLake, altering: altering)
    let url = try ServerURL("http://devlake")
    return Administrator(client: DevLakeClient(baseURL: url, transport: transport))
  }

  /// Release code once named a healthy row: the numbers of the tasks' results were not theirs.
  @Test(arguments: 1...Self.count)
  func `in forty runs the rows that break the list are named and no others`(_ id: Int) async throws
  {
    let github = try #require(PluginRegistry.standard["github"])
    for run in 0..<40 {
      var broken: Set<Int> = [id]
      if !run.isMultiple(of: 2) { broken.formUnion([Self.count + 1 - id, (id + run) % 25 + 1]) }
      let administrator = try administrator(broken: broken)
      let found = try await administrator.brokenConnections(of: github, longestGap: 16)
      #expect(found == broken.sorted(), "run \(run)")
    }
  }

  @Test func `a row that answers when it is asked again is not named`() async throws {
    let github = try #require(PluginRegistry.standard["github"])
    let asked = Mutex<[String: Int]>([:])
    let administrator = try administrator(broken: [9]) { request in
      guard request.path.hasSuffix("/connections/4") else { return nil }
      let number = asked.withLock { asked in
        asked[request.path, default: 0] += 1
        return asked[request.path] ?? 0
      }
      return number == 1 ? .panic : nil
    }
    #expect(try await administrator.brokenConnections(of: github) == [9])
    #expect(try await !administrator.isBroken(4, of: github))
  }

  /// What stands in front of DevLake answers with a type, a text or another status.
  @Test(arguments: [
    Answer.json(bytes: [], status: 500),
    Answer(status: 500, contentType: "text/html", body: Array("<h1>Error</h1>".utf8)),
    Answer(status: 500, contentType: nil, body: Array("error".utf8)),
    Answer.empty(502), Answer.empty(404), Answer.empty(503),
  ])
  func `a gateway's answer is no proof`(_ answer: Answer) async throws {
    let github = try #require(PluginRegistry.standard["github"])
    let administrator = try administrator(broken: [9]) { request in
      request.path.hasSuffix("/connections/4") ? answer : nil
    }
    // Where one row's answer proves nothing, the search may give up, but never names that row.
    let found = try? await administrator.brokenConnections(of: github)
    #expect(found == nil || found == [9])
    let isBroken = try? await administrator.isBroken(4, of: github)
    #expect(isBroken != true)
  }

  @Test func `a DevLake that breaks over rows nobody has proves nothing`() async throws {
    let github = try #require(PluginRegistry.standard["github"])
    let administrator = try administrator(broken: [9]) { _ in .panic }
    #expect(try await administrator.brokenConnections(of: github) == [])
    #expect(try await !administrator.isBroken(9, of: github))
  }
}

/// A simulated DevLake without a network.
private final class InProcess: HTTPTransport {
  private let devLake: Mutex<DevLake>
  private let altering: @Sendable (Request) -> Answer?

  init(_ devLake: DevLake, altering: @escaping @Sendable (Request) -> Answer?) {
    self.devLake = Mutex(devLake)
    self.altering = altering
  }

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    let path = String(request.url.dropFirst("http://devlake".count))
    let asked = Request(
      method: request.method,
      uri: path,
      headers: request.headers,
      body: request.body ?? []
    )
    let answer = altering(asked) ?? devLake.withLock { $0.respond(to: asked) }
    return HTTPResponse(
      status: answer.status,
      headers: answer.headers
        + (answer.contentType.map { [(name: "Content-Type", value: $0)] } ?? []),
      body: answer.body
    )
  }
}
