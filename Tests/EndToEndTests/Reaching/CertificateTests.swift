import DevLakeKit
import DevLakeSimulator
import Foundation
import NIOSSL
import Testing

/// Why an encrypted connection is refused: each reason is told, and each has its own help.
struct CertificateTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var kind = TestCertificates.Kind.good
    var trusts = "ca.pem" as String?
    /// The newest version the server speaks.
    var newest: TLSVersion?
    let reason: String
    let help: String

    var testDescription: String { "\(kind), trusting \(trusts ?? "the system"): \(reason)" }
  }

  private static let cases: [Case] = [
    Case(
      kind: .expired,
      reason: "the server's certificate expired on 2021-01-02 03:04 UTC",
      help: "renew the server's certificate"
    ),
    Case(
      kind: .notYetValid,
      reason: "not yet valid: it is valid from 2040-02-03 04:05 UTC",
      help: "check the clock"
    ),
    Case(
      kind: .otherHost,
      reason: "the certificate is for another host: 'elsewhere.test'",
      help: "write the host in the URL as the certificate has it"
    ),
    Case(
      kind: .clientOnly,
      reason: "not made for servers (wrong purpose)",
      help: "a certificate for server authentication"
    ),
    Case(
      trusts: nil,
      reason: "signed by an unknown CA ('authority')",
      help: "name the certificate of that CA with --ca-cert FILE"
    ),
    Case(
      kind: .selfSigned,
      trusts: nil,
      reason: "signed by an unknown CA ('localhost')",
      help: "name the certificate of that CA with --ca-cert FILE"
    ),
    Case(
      kind: .expired,
      trusts: nil,
      reason: "signed by an unknown CA ('authority')",
      help: "--ca-cert FILE"
    ),
    Case(
      trusts: "stranger.pem",
      reason: "not signed by a CA in ",
      help: "name the certificate of 'authority' with --ca-cert FILE"
    ),
    Case(
      newest: .tlsv11,
      reason: "the server speaks only TLS 1.1 or older; TLS 1.2 is required",
      help: "switch on TLS 1.2 or 1.3"
    ),
  ]

  private func port(_ url: String) -> Int {
    url.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  @Test(arguments: Self.cases)
  func `each refusal has its own reason and help`(refusal: Case) async throws {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder, refusal.kind)
      var server = certificates.server
      server.minimumTLSVersion = .tlsv1
      server.maximumTLSVersion = refusal.newest
      try await Relay.with(.tls(server), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "https://localhost:\(relay.port)"
        let trust = refusal.trusts.map { ["--ca-cert", $0] } ?? []
        let list = try await fixture.run(trust + ["list"])
        #expect(list.status == 3)
        #expect(list.stderr.contains(refusal.reason), "\(list.stderr)")
        #expect(list.stderr.contains(refusal.help), "\(list.stderr)")
        // It is the way out of one thing only.
        let helps = list.stderr.split(separator: "\n").filter { $0.hasPrefix("help: ") }
        #expect(helps.count == 1)
        #expect(
          helps.contains { $0.contains("--ca-cert") } == refusal.help.contains("--ca-cert")
        )
        #expect(!list.stderr.contains("--insecure"))
      }
      #expect(fixture.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
  func `TLS 1.2 and 1.3 are spoken`(version: TLSVersion) async throws {
    try await ProgramFixture.with { fixture in
      var server = try TestCertificates(in: fixture.folder).server
      server.minimumTLSVersion = version
      server.maximumTLSVersion = version
      try await Relay.with(.tls(server), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "https://localhost:\(relay.port)"
        let list = try await fixture.run(["--ca-cert", "ca.pem", "list"])
        #expect(list.status == 0, "\(list.stderr)")
      }
    }
  }

  @Test func `a certificate is judged behind a proxy, too`() async throws {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      try await Relay.with(.tls(certificates.server), to: port(fixture.simulator.url)) { server in
        let login = Data("ada:s3cr3t".utf8).base64EncodedString()
        try await Relay.with(.proxy(authorization: login), to: server.port) { relay in
          fixture.environment["DEVLAKE_URL"] = "https://devlake.test"
          fixture.environment["https_proxy"] = "http://ada:s3cr3t@127.0.0.1:\(relay.port)"
          let list = try await fixture.run(["list"])
          #expect(list.status == 3)
          #expect(list.stderr.contains("unknown CA ('authority')"), "\(list.stderr)")
        }
      }
    }
  }

  @Test func `http to a port of TLS is told as such, and nothing is sent twice`() async throws {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      try await Relay.with(.tls(certificates.server), to: port(fixture.simulator.url)) { relay in
        let list = try await fixture.run(["--url", "http://127.0.0.1:\(relay.port)", "list"])
        #expect(list.status == 3)
        #expect(list.stderr.contains("the server speaks TLS on this port"), "\(list.stderr)")
        #expect(list.stderr.contains("write https:// instead of http://"))
      }
      #expect(fixture.simulator.requests.isEmpty)
    }
  }

  @Test(
    arguments: [
      "<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
      "Client sent an HTTP request to an HTTPS server.\n",
      "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br /></p>",
    ]
  )
  func `the page of a TLS port for plain http is understood`(text: String) async throws {
    try await ProgramFixture.with { fixture in
      let answer: HTTPFront.Answer = { _ in
        HTTPResponse(status: 400, headers: [], body: Array(text.utf8))
      }
      try await HTTPFront.with(answer) { front in
        let list = try await fixture.run(["--url", front, "list"])
        #expect(list.status == 3)
        #expect(list.stderr.contains("write https:// instead of http://"), "\(list.stderr)")
      }
    }
  }

  @Test func `an answer cut without an end of TLS is a connection that ended`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/github/connections=cut:20"]) { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      try await Relay.with(.cuttingTLS(certificates.server), to: port(fixture.simulator.url)) {
        relay in
        fixture.environment["DEVLAKE_URL"] = "https://localhost:\(relay.port)"
        let list = try await fixture.run([
          "--ca-cert", "ca.pem", "api", "/plugins/github/connections",
        ])
        #expect(list.status == 1)
        #expect(
          list.stderr.contains("the connection closed before the response was complete"),
          "\(list.stderr)"
        )
      }
    }
  }

  @Test func `SSL_CERT_FILE and SSL_CERT_DIR name the CAs, and --ca-cert beats them`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let certificates = try TestCertificates(in: fixture.folder)
      let files = FileManager.default
      try files.createDirectory(
        atPath: fixture.folder + "/cas",
        withIntermediateDirectories: false
      )
      try files.copyItem(
        atPath: certificates.authority,
        toPath: fixture.folder + "/cas/any-name.crt"
      )
      try await Relay.with(.tls(certificates.server), to: port(fixture.simulator.url)) { relay in
        fixture.environment["DEVLAKE_URL"] = "https://localhost:\(relay.port)"
        fixture.environment["SSL_CERT_FILE"] = certificates.authority
        let byFile = try await fixture.run(["list"])
        #expect(byFile.status == 0, "\(byFile.stderr)")
        let beaten = try await fixture.run(["--ca-cert", certificates.stranger, "list"])
        #expect(beaten.status == 3)
        #expect(beaten.stderr.contains("not signed by a CA in"), "\(beaten.stderr)")
        fixture.environment["SSL_CERT_FILE"] = nil
        fixture.environment["SSL_CERT_DIR"] = "/nowhere-at-all:" + fixture.folder + "/cas"
        let byFolder = try await fixture.run(["list"])
        #expect(byFolder.status == 0, "\(byFolder.stderr)")
        #expect(byFolder.stderr.contains("$SSL_CERT_DIR: no folder '/nowhere-at-all'"))
        fixture.environment["SSL_CERT_DIR"] = nil
        fixture.environment["SSL_CERT_FILE"] = "/nowhere.pem"
        let missing = try await fixture.run(["list"])
        #expect(missing.status == 3)
        #expect(missing.stderr.contains("$SSL_CERT_FILE: no file '/nowhere.pem'"))
        #expect(missing.stderr.contains("unknown CA ('authority')"), "\(missing.stderr)")
      }
      let plain = try await fixture.run(["--url", fixture.simulator.url, "list"])
      #expect(!plain.stderr.contains("SSL_CERT"), "\(plain.stderr)")
    }
  }
}
