import DevLakeKit
import DevLakeSimulator
import Foundation
import Synchronization
import Testing

/// That connections which are kept may be closed at any time, as when DevLake starts anew.
struct KeptConnectionTests {
  @Test func `all kept connections may be dead, and what is asked is answered all the same`()
    async throws
  {
    try await Bench.with { bench in
      let transport = AsyncHTTPTransport()
      let url = bench.simulator.url
      let used = UsedConnections()
      try await HTTPFront.with({ request in
        // Each serves one request; at the second it is closed without an answer.
        guard used.isNew(request) else { throw TransportError.lost }
        return try await transport.send(Self.passed(request, to: url), within: .seconds(20))
      }) { front in
        bench.environment["DEVLAKE_URL"] = front
        let run = try await bench.run(["-c", "list > /dev/null; refresh; list; status"])
        #expect(run.status == 0, "\(run.stderr)")
        #expect(run.stdout.contains("GitHub - my-org-labs"))
        #expect(!run.stderr.contains("warning:"), "\(run.stderr)")
      }
    }
  }

  @Test func `no write goes to a connection that was closed while a child ran`() async throws {
    try await Bench.with { bench in
      let transport = AsyncHTTPTransport()
      let url = bench.simulator.url
      let forward: HTTPFront.Answer = { request in
        try await transport.send(Self.passed(request, to: url), within: .seconds(20))
      }
      try await HTTPFront.with(forward, keepsConnections: false) { front in
        bench.environment["DEVLAKE_URL"] = front
        let round = """
          show github/1 > /dev/null; !sleep 0.2
          api POST /plugins/github/connections/1/test

          """
        try bench.write("rounds.lake", String(repeating: round, count: 10))
        let run = try await bench.run(["-f", "rounds.lake"])
        #expect(run.status == 0, "\(run.stderr)")
        #expect(bench.simulator.requests.count { $0.method == "POST" } == 10)
      }
    }
  }

  /// The same request to another server.
  private static func passed(_ request: HTTPRequest, to url: String) -> HTTPRequest {
    var passed = request
    passed.url = url + request.url
    passed.headers.removeAll { ["host", "content-length"].contains($0.name.lowercased()) }
    return passed
  }
}

/// The connections that had a request.
private final class UsedConnections: Sendable {
  private let names = Mutex<Set<String>>([])

  func isNew(_ request: HTTPRequest) -> Bool {
    let name = request.headers.first { $0.name == "X-Connection" }?.value ?? ""
    return names.withLock { $0.insert(name).inserted }
  }
}
