import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// The question before a folder's own address gets anything secret.
struct TrustTests {
  private func with(_ body: (Bench, Relay) async throws -> Void) async throws {
    try await Bench.with { bench in
      let port = bench.simulator.url.split(separator: ":").last.flatMap { Int($0) } ?? 0
      try await Relay.with(.proxy(), to: port) { relay in
        bench.environment["DEVLAKE_URL"] = nil
        bench.environment["http_proxy"] = "http://127.0.0.1:\(relay.port)"
        try bench.write(
          ".devlake-azure.json",
          #"{"endpoints": {"backend": "http://devlake.test:8080"}}"#
        )
        try await body(bench, relay)
      }
    }
  }

  @Test func `without a person an unknown address is refused and nothing is sent`() async throws {
    try await with { bench, relay in
      let list = try await bench.run(["list"])
      #expect(list.status == 5)
      #expect(list.stderr.contains(".devlake-azure.json names the DevLake at http://devlake.test"))
      #expect(list.stderr.contains("--url http://devlake.test:8080"))
      #expect(relay.heads.isEmpty)
      let sure = try await bench.run(["--yes", "list"])
      #expect(sure.status == 0, "\(sure.stderr)")
      #expect(try await bench.run(["list"]).status == 5)
    }
  }

  @Test func `a confirmed address is asked about once`() async throws {
    try await with { bench, relay in
      let terminal = try bench.terminal("list", "--plugin", "github")
      try terminal.expect("Use it? (yes/no): ")
      #expect(relay.heads.isEmpty)
      try terminal.type("yes\r")
      #expect(try terminal.exitStatus() == 0)
      let trusted = bench.folder + "/.local/state/devlake-shell/trusted"
      let attributes = try FileManager.default.attributesOfItem(atPath: trusted)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let list = try await bench.run(["list"])
      #expect(list.status == 0, "\(list.stderr)")
    }
  }

  @Test func `an address that is declined is not asked for anything`() async throws {
    try await with { bench, relay in
      let terminal = try bench.terminal("list")
      try terminal.expect("Use it? (yes/no): ")
      try terminal.type("no\r")
      #expect(try terminal.exitStatus() == 5)
      #expect(relay.heads.isEmpty)
    }
  }

  @Test func `a named instance needs no confirmation`() async throws {
    try await with { bench, _ in
      let folder = bench.folder + "/.config/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try bench.write(".config/devlake-shell/instances.yaml", "lab: {url: devlake.test:8080}")
      #expect(try await bench.run(["list"]).status == 5)
      try bench.write(
        ".config/devlake-shell/instances.yaml",
        "lab: {url: 'http://devlake.test:8080/'}"
      )
      let list = try await bench.run(["list"])
      #expect(list.status == 0, "\(list.stderr)")
    }
  }
}
