import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// How the shell is let in: config-ui's way, API keys, HTTP Basic, header fields.
struct LoginTests {
  private static let login = "ada:p@ss word"

  /// A key of the simulated DevLake that may go where `path` says.
  private func key(for path: String, of fixture: ProgramFixture) async throws -> String {
    let response = try await AsyncHTTPTransport().send(
      HTTPRequest(
        method: "POST",
        url: fixture.simulator.url + "/api-keys",
        headers: [("Content-Type", "application/json")],
        body: Array(#"{"name":"\#(UUID())","type":"devlake","allowedPath":"\#(path)"}"#.utf8)
      ),
      within: .seconds(20)
    )
    return try #require(JSONValue(parsing: response.body)["apiKey"]?.string)
  }

  @Test(arguments: ["", "/", "/api", "/api/"])
  func `config-ui's address serves with and without /api`(path: String) async throws {
    try await ProgramFixture.with { fixture in
      try await HTTPFront.with(HTTPFront.configUI(of: fixture.simulator.url)) { url in
        fixture.environment["DEVLAKE_URL"] = url + path
        let status = try await fixture.run(["status", "--json", "--fields", "url,auth"])
        #expect(status.status == 0, "\(status.stderr)")
        #expect(status.stdout.contains(#""url": "\#(url)/api""#))
        let list = try await fixture.run(["list", "--output", "ndjson"])
        #expect(list.stdout.split(separator: "\n").count == 14, "\(list.stderr)")
      }
    }
  }

  @Test func `an API key goes through /rest, and asks the version without`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["DEVLAKE_API_KEY"] = try await key(for: ".*", of: fixture)
      let list = try await fixture.run(["list", "--output", "ndjson"])
      #expect(list.status == 0, "\(list.stderr)")
      #expect(list.stdout.split(separator: "\n").count == 14)
      let paths = fixture.simulator.requests.map(\.path).filter { $0 != "/api-keys" }
      #expect(paths.contains("/version"))
      #expect(paths.allSatisfy { $0 == "/version" || $0.hasPrefix("/rest/") })
    }
  }

  @Test(arguments: ["/rest", "/rest/", "/"])
  func `an address that ends in the door for keys serves a scoped key`(path: String) async throws {
    try await ProgramFixture.with { fixture in
      let url = fixture.simulator.url
      fixture.environment["KEY"] = try await key(for: "/plugins/github/.*", of: fixture)
      let list = try await fixture.run([
        "--url", url + path, "--api-key", "env:KEY", "list", "--plugin", "github",
      ])
      #expect(list.status == 0, "\(list.stderr)")
      let show = try await fixture.run([
        "--url", url + path, "--api-key", "env:KEY", "show", "github/1", "--json",
      ])
      #expect(show.status == 0, "\(show.stderr)")
      let paths = fixture.simulator.requests.map(\.path).filter { $0 != "/api-keys" }
      #expect(paths.filter { !$0.hasPrefix("/rest/") } == ["/version", "/version"])
      #expect(!paths.contains { $0.hasPrefix("/rest/rest") || $0 == "/rest/version" })
      try await HTTPFront.with(HTTPFront.configUI(of: url)) { front in
        let status = try await fixture.run([
          "--url", front + "/api" + path, "--api-key", "env:KEY", "connect", "--json",
        ])
        #expect(status.status == 0, "\(status.stderr)")
        #expect(status.stdout.contains(#""url": "\#(front)/api""#), "\(status.stdout)")
      }
    }
  }

  @Test func `a key for one plugin shows its connections and names what it may not see`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      fixture.environment["KEY"] = try await key(for: "/plugins/github/.*", of: fixture)
      let list = try await fixture.run(["--api-key", "env:KEY", "list"])
      #expect(list.status == 4)
      #expect(list.stdout.contains("github   1") || list.stdout.contains("github  "))
      let refused = list.stderr.split(separator: "\n").filter { $0.contains("error: ") }
      #expect(refused.count == 1)
      #expect(refused.first?.contains(" more: ") == true)
      #expect(refused.first?.contains("path doesn't match api key's scope") == true)
      let test = try await fixture.run(["--api-key", "env:KEY", "test", "github/1"])
      #expect(test.status == 0, "\(test.stdout)\(test.stderr)")
    }
  }

  @Test func `impact says unknown where a key may not see the blueprints`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["KEY"] = try await key(for: "/plugins.*", of: fixture)
      let impact = try await fixture.run(["--api-key", "env:KEY", "impact", "github/1"])
      #expect(impact.stdout.contains("unknown"), "\(impact.stdout)\(impact.stderr)")
      #expect(!impact.stdout.contains("nothing"))
    }
  }

  @Test func `a wrong key is refused with its reason and exit 3`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["DEVLAKE_API_KEY"] = "no-such-key"
      let list = try await fixture.run(["list"])
      #expect(list.status == 3)
      #expect(list.stderr.contains("api key is invalid"))
      #expect(!list.stderr.contains("no-such-key"))
    }
  }

  @Test func `HTTP Basic comes from options or the URL, and is never shown`() async throws {
    try await ProgramFixture.with { fixture in
      let front = HTTPFront.configUI(of: fixture.simulator.url, login: Self.login)
      try await HTTPFront.with(front) { url in
        fixture.environment["DEVLAKE_URL"] = nil
        fixture.environment["PASSWORD"] = "p@ss word"
        let without = try await fixture.run(["--url", url, "list"])
        #expect(without.status == 3)
        #expect(without.stderr.contains("--user NAME --password REF"))
        let options = try await fixture.run(
          ["--url", url, "--user", "ada", "--password", "env:PASSWORD", "status"]
        )
        #expect(options.status == 0, "\(options.stderr)")
        let inside = url.replacing("http://", with: "http://ada:p%40ss%20word@")
        for command in [["status", "--json"], ["list", "--json"], ["use", "nothing-there"]] {
          let outcome = try await fixture.run(["--verbose", "--url", inside] + command)
          let text = outcome.stdout + outcome.stderr
          #expect(!text.contains("p%40ss") && !text.contains("p@ss"), "\(text)")
        }
      }
    }
  }

  @Test func `a login that is not accepted is told apart from one that is missing`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["WRONG"] = "not-the-password"
      let front = HTTPFront.configUI(of: fixture.simulator.url, login: Self.login)
      try await HTTPFront.with(front) { url in
        fixture.environment["DEVLAKE_URL"] = url
        let basic = try await fixture.run(["--user", "ada", "--password", "env:WRONG", "list"])
        #expect(basic.status == 3)
        #expect(basic.stderr.contains("the user name or the password is not accepted"))
        let nameless = try await fixture.run(["--password", "env:WRONG", "list"])
        #expect(nameless.status == 2)
        #expect(nameless.stderr.contains("--user NAME"))
      }
      // As DevLake itself answers keys while a login is required.
      let closed: HTTPFront.Answer = { request in
        request.url == "/version"
          ? HTTPFront.json(#"{"version":"v1.0.3"}"#)
          : HTTPFront.json(#"{"success":false,"message":"unauthorized"}"#, status: 401)
      }
      try await HTTPFront.with(closed) { url in
        fixture.environment["DEVLAKE_URL"] = url
        for command in [["list"], ["connect"], ["connect", url]] {
          let without = try await fixture.run(command)
          #expect(without.status == 3, "\(command): \(without.stdout)")
          #expect(without.stderr.contains("a login is required"))
          let key = try await fixture.run(["--api-key", "env:WRONG"] + command)
          #expect(key.status == 3)
          #expect(key.stderr.contains("the API key is not accepted"), "\(key.stderr)")
        }
      }
    }
  }

  @Test func `status tells once what a key may not see, and does not guess at readiness`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      fixture.environment["DEVLAKE_API_KEY"] = try await key(for: "/plugins/github/.*", of: fixture)
      let status = try await fixture.run(["status"])
      #expect(status.status == 4)
      #expect(status.stderr.split(separator: "\n").count == 1, "\(status.stderr)")
      fixture.environment["DEVLAKE_API_KEY"] = try await key(for: ".*", of: fixture)
      let front = HTTPFront.configUI(of: fixture.simulator.url, login: Self.login)
      try await HTTPFront.with(front) { url in
        fixture.environment["DEVLAKE_URL"] = url
        let behind = try await fixture.run(["status"])
        #expect(behind.status == 0, "\(behind.stderr)")
        #expect(behind.stdout.contains("   ready, 38 plugins"), "\(behind.stdout)")
      }
    }
  }

  @Test func `a login in the URL is stored nowhere`() async throws {
    try await ProgramFixture.with(seed: .empty) { fixture in
      let front = HTTPFront.configUI(of: fixture.simulator.url, login: "ada:secret")
      try await HTTPFront.with(front) { url in
        fixture.environment["DEVLAKE_URL"] = url.replacing("http://", with: "http://ada:secret@")
        fixture.environment["GITHUB_TOKEN"] = "ghp_0123456789012345678901234567890123456789"
        let made = try await fixture.run(["create", "--plugin", "github", "--org", "acme"])
        #expect(made.status == 0, "\(made.stderr)")
        let state = try #require(fixture.text(".devlake-local.json"))
        #expect(state.contains(url))
        #expect(!state.contains("secret") && !state.contains("ada"))
      }
    }
  }

  @Test func `--user and --api-key exclude each other`() async throws {
    try await ProgramFixture.with { fixture in
      let both = try await fixture.run([
        "--user", "a", "--password", "env:X", "--api-key", "k", "list",
      ])
      #expect(both.status == 2)
      #expect(fixture.simulator.requests.isEmpty)
    }
  }

  @Test func `--header goes with every request, its value is not shown`() async throws {
    try await ProgramFixture.with { fixture in
      let transport = AsyncHTTPTransport()
      let target = fixture.simulator.url
      let guarded: HTTPFront.Answer = { request in
        guard request.headers.contains(where: { $0.name == "X-Door" && $0.value == "open sesame" })
        else { return HTTPFront.page("login", status: 401) }
        var passed = request
        passed.url = target + request.url
        passed.headers.removeAll { $0.name.lowercased() == "host" }
        return try await transport.send(passed, within: .seconds(20))
      }
      try await HTTPFront.with(guarded) { url in
        fixture.environment["DEVLAKE_URL"] = url
        let list = try await fixture.run(["-v", "--header", "X-Door: open sesame", "list"])
        #expect(list.status == 0, "\(list.stderr)")
        #expect(!list.stderr.contains("sesame"))
        let bad = try await fixture.run(["--header", "no colon", "list"])
        #expect(bad.status == 2)
        #expect(bad.stderr.contains("'--header' takes 'Name: value'"))
      }
    }
  }

  @Test func `an API key passes config-ui's login by /api/rest`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["DEVLAKE_API_KEY"] = try await key(for: "/plugins.*", of: fixture)
      let front = HTTPFront.configUI(of: fixture.simulator.url, login: Self.login)
      try await HTTPFront.with(front) { url in
        fixture.environment["DEVLAKE_URL"] = url
        let list = try await fixture.run(["list", "--output", "ndjson"])
        #expect(list.status == 0, "\(list.stderr)")
        #expect(list.stdout.split(separator: "\n").count == 14)
      }
    }
  }
}
