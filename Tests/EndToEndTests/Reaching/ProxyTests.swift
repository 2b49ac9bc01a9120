import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// The way through a proxy, proven on one that really carries bytes.
///
/// `devlake.test` is known to nobody: only the proxy leads there.
struct ProxyTests {
  private func port(_ url: String) -> Int {
    url.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  @Test(arguments: ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
  func `plain http goes with its whole URL, for which no proxy needs CONNECT`(
    variable: String
  ) async throws {
    try await ProgramFixture.with { fixture in
      try await Relay.with(.squid(), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "http://devlake.test:8080"
        fixture.environment[variable] = "http://127.0.0.1:\(relay.port)"
        let list = try await fixture.run(["list", "--output", "ndjson"])
        #expect(list.status == 0, "\(list.stderr)")
        #expect(list.stdout.split(separator: "\n").count == 14)
        #expect(!relay.heads.isEmpty)
        #expect(relay.heads.allSatisfy { $0.hasPrefix("GET http://devlake.test:8080/") })
        #expect(relay.heads.allSatisfy { $0.lowercased().contains("host: devlake.test:8080\r\n") })
        #expect(!relay.heads.contains { $0.contains("devlake-shell-target") })
      }
    }
  }

  @Test func `the whole URL has no port where it is the usual one, and keeps the query`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      try await Relay.with(.squid(), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "http://devlake.test"
        fixture.environment["http_proxy"] = "http://127.0.0.1:\(relay.port)"
        let get = try await fixture.run(["api", "/pipelines?page=2&pageSize=1"])
        #expect(get.status == 0, "\(get.stderr)")
        let write = try await fixture.run(
          [
            "api", "PATCH", "/plugins/github/connections/1",
            "{\"name\":\"GitHub - my-org\",\"endpoint\":\"https://api.github.com/\",\"authMethod\":\"AccessToken\",\"token\":\"fresh-secret\",\"rateLimitPerHour\":77}",
          ]
        )
        #expect(write.status == 0, "\(write.stderr)")
        let firsts = relay.heads.compactMap { $0.split(separator: "\r\n").first }
        #expect(firsts.contains("GET http://devlake.test/pipelines?page=2&pageSize=1 HTTP/1.1"))
        #expect(firsts.contains("PATCH http://devlake.test/plugins/github/connections/1 HTTP/1.1"))
      }
    }
  }

  @Test func `https is encrypted through the proxy, to the server`() async throws {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      try await Relay.with(.tls(certificates.server), to: port(fixture.simulator.url)) { server in
        try await Relay.with(.proxy(), to: server.port) { relay in
          fixture.environment["DEVLAKE_URL"] = "https://devlake.test"
          fixture.environment["HTTPS_PROXY"] = "http://127.0.0.1:\(relay.port)"
          let list = try await fixture.run(["--ca-cert", "ca.pem", "list", "--plugin", "github"])
          #expect(list.status == 0, "\(list.stderr)")
          #expect(relay.heads.first?.hasPrefix("CONNECT devlake.test:443 ") == true)
        }
      }
    }
  }

  @Test func `a proxy's user and password are shown to it and to nobody else`() async throws {
    try await ProgramFixture.with { fixture in
      let login = Data("ada:s3cr3t".utf8).base64EncodedString()
      try await Relay.with(.squid(authorization: login), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "http://devlake.test:8080"
        fixture.environment["http_proxy"] = "http://127.0.0.1:\(relay.port)"
        let without = try await fixture.run(["list"])
        #expect(without.status == 3)
        #expect(without.stderr.contains("requires a user name and password (407)"))
        #expect(without.stderr.contains("$http_proxy"))
        fixture.environment["http_proxy"] = "http://ada:wrong-one@127.0.0.1:\(relay.port)"
        let wrong = try await fixture.run(["-v", "list"])
        #expect(wrong.stderr.contains("does not accept the user name and password (407)"))
        #expect(!wrong.stderr.contains("wrong-one"))
        fixture.environment["http_proxy"] = "http://ada:s3cr3t@127.0.0.1:\(relay.port)"
        let list = try await fixture.run(["list"])
        #expect(list.status == 0, "\(list.stderr)")
      }
    }
  }

  @Test func `a proxy that refuses the way is told from a DevLake that refuses`() async throws {
    try await ProgramFixture.with { fixture in
      try await Relay.with(.refusingProxy, to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "http://devlake.test:8080"
        fixture.environment["http_proxy"] = "http://127.0.0.1:\(relay.port)"
        let list = try await fixture.run(["list"])
        #expect(list.status == 3)
        #expect(
          list.stderr.contains(
            "127.0.0.1:\(relay.port) or a gateway behind it refuses to connect "
          ),
          "\(list.stderr)"
        )
      }
    }
  }

  @Test(
    arguments: [
      ("http://127.0.0.1:1", "nothing listens at that address"),
      ("http://no-such-proxy.invalid:1", "no such host"),
      ("socks5://127.0.0.1:1", "$http_proxy names a proxy that speaks socks5://"),
    ]
  )
  func `a proxy that is not there is named`(proxy: String, reason: String) async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["DEVLAKE_URL"] = "http://devlake.test:8080"
      fixture.environment["http_proxy"] = proxy
      let list = try await fixture.run(["list"])
      #expect(list.status == (proxy.hasPrefix("socks") ? 2 : 3))
      #expect(list.stderr.contains(reason), "\(list.stderr)")
      #expect(list.stderr.contains("NO_PROXY"))
    }
  }

  @Test func `this machine and the hosts of NO_PROXY are reached straight`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["http_proxy"] = "http://127.0.0.1:1"
      let local = try await fixture.run(["list"])
      #expect(local.status == 0, "\(local.stderr)")
      fixture.environment["DEVLAKE_URL"] = "http://devlake.test:8080"
      fixture.environment["NO_PROXY"] = "example.org, .test"
      let straight = try await fixture.run(["list"])
      #expect(straight.stderr.contains("no host named 'devlake.test'"), "\(straight.stderr)")
    }
  }
}
