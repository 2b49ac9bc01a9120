import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// A DevLake that is not ready, and what people take for DevLake.
struct ServerStateTests {
  @Test func `a pending migration is explained, and run after a yes`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.simulator.state = .migrationPending
      let list = try await fixture.run(["list"])
      #expect(list.status == 3)
      #expect(list.stderr.contains("is waiting for a database migration"), "\(list.stderr)")
      #expect(list.stderr.contains("connect --migrate"))
      let status = try await fixture.run(["status"])
      #expect(status.stdout.contains("connect --migrate"), "\(status.stdout)\(status.stderr)")
      let unasked = try await fixture.run(["connect", "--migrate"])
      #expect(unasked.status == 5)
      #expect(!fixture.simulator.requests.contains { $0.path == "/proceed-db-migration" })
      let yes = try await fixture.run(["connect", "--migrate", "--yes"])
      #expect(yes.status == 0, "\(yes.stderr)")
      #expect(fixture.simulator.state == .ready)
      let again = try await fixture.run(["connect", "--migrate", "--yes"])
      #expect(again.stderr.contains("no migration is pending"))
      #expect(fixture.simulator.requests.filter { $0.path == "/proceed-db-migration" }.count == 1)
    }
  }

  @Test func `a person is asked before a migration`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.simulator.state = .migrationPending
      let terminal = try fixture.terminal("connect", "--migrate")
      try terminal.expect("Make a backup first. (yes/no): ")
      try terminal.type("no\r")
      #expect(try terminal.exitStatus() == 5)
      #expect(fixture.simulator.state == .migrationPending)
    }
  }

  @Test func `a migration is waited for, as long as --timeout says`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.simulator.state = .migrating
      let late = try await fixture.run(["connect", "--migrate", "--timeout", "3"])
      #expect(late.status == 124)
      #expect(late.stderr.contains("is not ready"), "\(late.stderr)")
      let running = try fixture.start("connect", "--migrate")
      let asked = { fixture.simulator.requests.filter { $0.path == "/plugins" }.count }
      let before = asked()
      // Twice: it is waiting now.
      while asked() < before + 2 { await Task.yield() }
      fixture.simulator.state = .ready
      let outcome = await running.end()
      #expect(outcome.status == 0, "\(outcome.stderr)")
    }
  }

  @Test func `a database that is away is no empty list`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.simulator.state = .databaseDown
      for command in [["list"], ["list", "--plugin", "github"], ["test", "all"]] {
        let outcome = try await fixture.run(command)
        #expect(outcome.status == 3, "\(command) \(outcome.stdout)")
        #expect(outcome.stdout.isEmpty)
        #expect(outcome.stderr.contains("cannot reach its database"), "\(outcome.stderr)")
      }
    }
  }

  @Test(
    arguments: [
      ("page", "a web page came back"), ("login", "redirects to /login"),
      ("grafana", "that is Grafana"), ("other", "it is not DevLake's API"),
      ("down", "502"),
    ]
  )
  func `what is not DevLake is told by what it is`(kind: String, reason: String) async throws {
    let answer: HTTPFront.Answer = { request in
      switch kind {
      case "page": HTTPFront.page("Welcome")
      case "login":
        HTTPResponse(status: 302, headers: [("Location", "/login")], body: [])
      case "grafana":
        request.url == "/api/health"
          ? HTTPFront.json(#"{"database":"ok","version":"11.0.0","commit":"x"}"#)
          : request.url.hasPrefix("/api/")
            ? HTTPFront.json(#"{"message":"Unauthorized"}"#, status: 401)
            : HTTPResponse(status: 302, headers: [("Location", "/login")], body: [])
      case "down":
        request.url.hasPrefix("/api/")
          ? HTTPFront.page("502 Bad Gateway", status: 502) : HTTPFront.page("DevLake")
      default:
        HTTPFront.json(#"{"detail":"Not Found"}"#, status: 404)
      }
    }
    try await ProgramFixture.with { fixture in
      try await HTTPFront.with(answer) { url in
        fixture.environment["DEVLAKE_URL"] = url
        let list = try await fixture.run(["list"])
        #expect(list.status == 3, "\(list.stderr)")
        #expect(list.stderr.contains(reason), "\(list.stderr)")
        #expect(list.stdout.isEmpty)
      }
    }
  }

  @Test func `a known address is listed in two rounds of questions`() async throws {
    try await ProgramFixture.with(faults: ["/version=slow:6000"]) { fixture in
      let list = try await fixture.run(["list"])
      #expect(list.status == 0)
      let requests = fixture.simulator.requests
      let end = try #require(requests.first { $0.path == "/version" }?.end)
      let catalogue = PluginRegistry.standard.plugins.map { "/plugins/\($0.id)/connections" }
      let first = requests.filter { $0.path == "/plugins" || catalogue.contains($0.path) }
      #expect(first.count == catalogue.count + 1)
      // All went out before the first answer could have told anything.
      #expect(first.allSatisfy { $0.start < end })
      #expect(Set(requests.map(\.path)).count == requests.count)
    }
  }
}
