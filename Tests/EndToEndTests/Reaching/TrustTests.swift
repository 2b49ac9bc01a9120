import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// The question before a folder's own address gets anything secret.
struct TrustTests {
  private func with(_ body: (ProgramFixture, Relay) async throws -> Void) async throws {
    try await ProgramFixture.with { fixture in
      let port = fixture.simulator.url.split(separator: ":").last.flatMap { Int($0) } ?? 0
      try await Relay.with(.proxy(), to: port) { relay in
        fixture.environment["DEVLAKE_URL"] = nil
        fixture.environment["http_proxy"] = "http://127.0.0.1:\(relay.port)"
        try fixture.write(
          ".devlake-azure.json",
          #"{"endpoints": {"backend": "http://devlake.test:8080"}}"#
        )
        try await body(fixture, relay)
      }
    }
  }

  @Test func `without a person an unknown address is refused and nothing is sent`() async throws {
    try await with { fixture, relay in
      let list = try await fixture.run(["list"])
      #expect(list.status == 5)
      #expect(list.stderr.contains(".devlake-azure.json names the DevLake at http://devlake.test"))
      #expect(list.stderr.contains("--url http://devlake.test:8080"))
      #expect(relay.heads.isEmpty)
      for words in [["--yes", "list"], ["list", "--yes"], ["-y", "-c", "list"]] {
        let sure = try await fixture.run(words)
        #expect(sure.status == 5, "\(words): \(sure.stderr)")
        #expect(relay.heads.isEmpty)
      }
      let named = try await fixture.run(["--url", "http://devlake.test:8080", "list"])
      #expect(named.status == 0, "\(named.stderr)")
    }
  }

  /// Addresses that begin like one that is trusted and lead elsewhere, or to nothing.
  @Test(
    arguments: [
      "http://devlake.test:8080?@192.0.2.2:19191", "http://devlake.test:8080#@192.0.2.2:19191",
      "http://devlake.test:8080/@192.0.2.2:19191", "http://devlake.test:8080\\@192.0.2.2:19191",
      "http://devlake.test:8080 @192.0.2.2:19191", "http://devlake.test:8080/a@b@192.0.2.2",
      "http://devlake.test:8080@192.0.2.2@192.0.2.3", "http://devlake.test:65536",
      "http://127.0.0.1:65536", "http://127.0.0.1:0", "http://[::1]:99999", "http://2130706433:80",
    ]
  )
  func `an unusable address is refused, whatever it begins with`(
    _ address: String
  ) async throws {
    try await with { fixture, relay in
      let folder = fixture.folder + "/.config/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let instances = "lab: {url: 'http://devlake.test:8080'}"
      try fixture.write(".config/devlake-shell/instances.yaml", instances)
      let text = address.replacing("\\", with: "\\\\")
      try fixture.write(".devlake-azure.json", #"{"endpoints": {"backend": "\#(text)"}}"#)
      fixture.environment["DEVLAKE_API_KEY"] = "a-key-for-devlake"
      for words in [["list"], ["--yes", "list"]] {
        let list = try await fixture.run(words)
        #expect(list.status == 2, "\(list.stderr)")
        #expect(list.stderr.contains("endpoints.backend"), "\(list.stderr)")
      }
      let option = try await fixture.run(["--url", address, "list"])
      #expect(option.status == 2, "\(option.stderr)")
      fixture.environment["DEVLAKE_URL"] = address
      let variable = try await fixture.run(["list"])
      #expect(variable.status == 2, "\(variable.stderr)")
      let connect = try await fixture.run(["connect", address])
      #expect(connect.status == 2, "\(connect.stderr)")
      fixture.environment["DEVLAKE_URL"] = nil
      let quoted = address.replacing("'", with: "''")
      try fixture.write(".config/devlake-shell/instances.yaml", "lab: {url: '\(quoted)'}")
      let named = try await fixture.run(["--instance", "lab", "list"])
      #expect(named.status == 2, "\(named.stderr)")
      #expect(relay.heads.isEmpty)
    }
  }

  @Test func `a confirmed address is asked about once`() async throws {
    try await with { fixture, relay in
      let terminal = try fixture.terminal("list", "--plugin", "github")
      try terminal.expect("Use it? (yes/no): ")
      #expect(relay.heads.isEmpty)
      try terminal.type("yes\r")
      #expect(try terminal.exitStatus() == 0)
      let trusted = fixture.folder + "/.local/state/devlake-shell/trusted"
      let attributes = try FileManager.default.attributesOfItem(atPath: trusted)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let list = try await fixture.run(["list"])
      #expect(list.status == 0, "\(list.stderr)")
    }
  }

  @Test func `an address that is declined is not asked for anything`() async throws {
    try await with { fixture, relay in
      let terminal = try fixture.terminal("list")
      try terminal.expect("Use it? (yes/no): ")
      try terminal.type("no\r")
      #expect(try terminal.exitStatus() == 5)
      #expect(relay.heads.isEmpty)
    }
  }

  @Test func `a named instance needs no confirmation`() async throws {
    try await with { fixture, _ in
      let folder = fixture.folder + "/.config/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try fixture.write(".config/devlake-shell/instances.yaml", "lab: {url: devlake.test:8081}")
      #expect(try await fixture.run(["list"]).status == 5)
      try fixture.write(
        ".config/devlake-shell/instances.yaml",
        "lab: {url: 'http://devlake.test:8080/'}"
      )
      let list = try await fixture.run(["list"])
      #expect(list.status == 0, "\(list.stderr)")
    }
  }
}
