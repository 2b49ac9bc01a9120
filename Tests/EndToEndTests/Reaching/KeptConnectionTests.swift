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
    try await ProgramFixture.with { fixture in
      let transport = AsyncHTTPTransport()
      let url = fixture.simulator.url
      let used = UsedConnections()
      try await HTTPFront.with({ request in
        // Each serves one request; at the second it is closed without an answer.
        guard used.isNew(request) else { throw TransportError.lost() }
        return try await transport.send(Self.passed(request, to: url), within: .seconds(20))
      }) { front in
        fixture.environment["DEVLAKE_URL"] = front
        let run = try await fixture.run(["-c", "list > /dev/null; refresh; list; status"])
        #expect(run.status == 0, "\(run.stderr)")
        #expect(run.stdout.contains("GitHub - my-org-labs"))
        #expect(!run.stderr.contains("warning:"), "\(run.stderr)")
      }
    }
  }

  @Test func `no write goes to a connection that was closed while a child ran`() async throws {
    try await ProgramFixture.with { fixture in
      let transport = AsyncHTTPTransport()
      let url = fixture.simulator.url
      let forward: HTTPFront.Answer = { request in
        try await transport.send(Self.passed(request, to: url), within: .seconds(20))
      }
      try await HTTPFront.with(forward, keepsConnections: false) { front in
        fixture.environment["DEVLAKE_URL"] = front
        // No test of a connection: that may be sent twice.
        let rounds = (1...10).map { number in
          """
          show github/1 > /dev/null; !sleep 0.2
          api PATCH /plugins/github/connections/1 '\(Self.body(number))' > /dev/null

          """
        }
        try fixture.write("rounds.lake", rounds.joined())
        let run = try await fixture.run(["-f", "rounds.lake"])
        #expect(run.status == 0, "\(run.stderr)")
        #expect(fixture.simulator.requests.count { $0.method == "PATCH" } == 10)
      }
    }
  }

  @Test(arguments: ["reset", "close"])
  func `a test whose connection breaks is sent once more, and no other write is`(
    fault: String
  ) async throws {
    let faults = [
      "POST /plugins/github/connections/1/test#1=\(fault)",
      "PATCH /plugins/github/connections/1#1=\(fault)",
    ]
    try await ProgramFixture.with(faults: faults) { fixture in
      let test = try await fixture.run(["test", "github/1"])
      #expect(test.status == 0, "\(test.stderr)")
      func count(_ method: String) -> Int {
        fixture.simulator.requests.count { $0.method == method }
      }
      #expect(count("POST") == 2)
      let api = try await fixture.run(
        ["api", "PATCH", "/plugins/github/connections/1", Self.body(9)]
      )
      #expect(api.status == 1)
      #expect(api.stderr.contains("it was looked up and was not done"), "\(api.stderr)")
      #expect(count("PATCH") == 1)
      fixture.simulator.setFaults([
        try FaultRule(parsing: "POST /plugins/github/connections/1/test=\(fault)")
      ])
      let lost = try await fixture.run(["test", "github/1"])
      #expect(lost.status == 1)
      #expect(count("POST") == 4)
    }
  }

  /// A change of a connection's limit: DevLake wants the rest of the connection with it.
  private static func body(_ limit: Int) -> String {
    let fixed = #""name":"GitHub - my-org","endpoint":"https://api.github.com/","token":"fresh","#
    return "{" + fixed + #""authMethod":"AccessToken","rateLimitPerHour":\#(limit)}"#
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
