import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// Certificates, proven on a server that really speaks TLS.
struct EncryptionTests {
  private func port(_ url: String) -> Int {
    url.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  @Test func `a server of an own authority is trusted with --ca-cert alone`() async throws {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      try await Relay.with(.tls(certificates.server), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "https://localhost:\(relay.port)"
        let unknown = try await fixture.run(["list"])
        #expect(unknown.status == 3)
        #expect(unknown.stderr.contains("signed by an unknown CA"))
        #expect(unknown.stderr.contains("--ca-cert FILE"))
        let known = try await fixture.run(["--ca-cert", certificates.authority, "list", "--json"])
        #expect(known.status == 0, "\(known.stderr)")
        let blind = try await fixture.run(["--insecure", "status"])
        #expect(blind.status == 0, "\(blind.stderr)")
        #expect(blind.stderr.contains("the server's certificate is not checked"))
      }
    }
  }

  @Test func `a certificate for another host is refused`() async throws {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      try await Relay.with(.tls(certificates.server), to: port(fixture.simulator.url)) { relay in
        let other = try await fixture.run(
          ["--ca-cert", "ca.pem", "--url", "https://127.0.0.1:\(relay.port)", "list"]
        )
        #expect(other.status == 3)
        #expect(other.stderr.contains("for another host"), "\(other.stderr)")
      }
    }
  }

  @Test func `https to a port without TLS is told as such`() async throws {
    try await ProgramFixture.with { fixture in
      let url = fixture.simulator.url.replacing("http://", with: "https://")
      let list = try await fixture.run(["--url", url, "list"])
      #expect(list.status == 3)
      #expect(list.stderr.contains("does not speak TLS on this port"), "\(list.stderr)")
    }
  }

  @Test(
    arguments: [
      ("nowhere.pem", nil, "no file 'nowhere.pem'"), (".", nil, "is a directory"),
      ("empty.pem", "", "no usable certificate in 'empty.pem'"),
      ("text.pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "no usable"),
    ]
  )
  func `a wrong --ca-cert is said at the start`(
    name: String,
    text: String?,
    reason: String
  )
    async throws
  {
    try await ProgramFixture.with { fixture in
      if let text { try fixture.write(name, text) }
      let echo = try await fixture.run(["--ca-cert", name, "echo", "hello"])
      #expect(echo.status == 2)
      #expect(echo.stdout.isEmpty)
      #expect(echo.stderr.contains("--ca-cert: "))
      #expect(echo.stderr.contains(reason), "\(echo.stderr)")
    }
  }
}
