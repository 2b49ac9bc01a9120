import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Fields the catalogue lacks, in rows of a newer server.
struct UnknownFieldTests {
  private static let connection: JSONObject = [
    "plugin": "gitlab", "id": 1, "name": "one", "endpoint": "https://gitlab.com/api/v4/",
    "token": "glpat-old-secret-0123",
  ]

  private func with(
    _ fields: JSONObject,
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(connection: Self.connection) { place in
      var place = place
      let plain = place.transport
      place.transport = { ExtraFieldsTransport(behind: plain($0), fields: fields) }
      try await body(place.with(["NEW": "new-secret-0123456789"]))
    }
  }

  @Test(
    arguments: [
      ("clientSecret", "ab********yz", true), ("sshKey", "ab***yz", true),
      ("sshKey", "a*c", true), ("passphrase", "**", true), ("somewhat", "ab****yz", true),
      ("mirror", "https://user:pw@host/", true), ("gateways", [["x": "ab***yz"]], false),
      ("tokens", ["ab***yz"], false),
    ] as [(String, JSONValue, Bool)]
  )
  func `a mask is never written: a reference stands there, or nothing and a note`(
    _ name: String,
    _ value: JSONValue,
    _ isReferred: Bool
  ) async throws {
    try await with([name: value]) { place in
      let export = await place.run("export > all.yaml")
      #expect(export.exitCode == .success, "\(export.everything)")
      let text = try #require(place.folder.text("all.yaml"))
      #expect(!text.contains("*"), "\(text)")
      #expect(!text.contains("pw@"))
      let reference = "\(name): env:DEVLAKE_GITLAB_ONE_\(name.uppercased())"
      #expect(text.contains(reference) == isReferred, "\(text)")
      #expect(export.stderr.contains("'\(name)' of gitlab/1 is left out") == !isReferred)
      let plan = await place.run("plan all.yaml --exit-code")
      #expect(plan.exitCode == .success, "\(plan.everything)")
    }
  }

  @Test func `what is no secret is exported as it is, lists and records too`() async throws {
    try await with(["labels": ["a", "b"], "options": ["depth": 3], "isFast": true, "count": 4]) {
      place in
      _ = await place.run("export > all.yaml")
      let text = try #require(place.folder.text("all.yaml"))
      for part in ["labels:", "- a", "depth: 3", "isFast: true", "count: 4"] {
        #expect(text.contains(part), "\(text)")
      }
      #expect(await place.run("plan all.yaml --exit-code").exitCode == .success)
      try place.folder.write("other.yaml", text.replacing("- a", with: "- c"))
      let plan = await place.run("plan other.yaml --json")
      #expect(plan.stdout.contains("labels"), "\(plan.everything)")
    }
  }

  @Test func `a reference in such a field is followed, and the field is sent`() async throws {
    try await with(["passphrase": "ab***yz"]) { place in
      try place.folder.write(
        "c.yaml",
        """
        version: 1
        connections:
          - plugin: gitlab
            name: one
            token: env:NOT_SET
            passphrase: env:NEW
        """
      )
      let plan = await place.run("apply c.yaml --dry-run --json")
      #expect(plan.stdout.contains("passphrase"), "\(plan.everything)")
      #expect(!plan.everything.contains("env:NEW"))
      _ = await place.run("apply c.yaml --yes --no-test")
      let patch = place.simulator.requests.last { $0.method == "PATCH" }
      #expect(patch?.body["passphrase"] == "new-secret-0123456789")
      try place.folder.write(
        "mask.yaml",
        "version: 1\nconnections:\n- {plugin: gitlab, name: one, passphrase: 'ab***yz'}"
      )
      let mask = await place.run("plan mask.yaml")
      #expect(mask.exitCode == .usage)
      #expect(mask.stderr.contains("one of DevLake's masks"), "\(mask.stderr)")
      try place.folder.write(
        "list.yaml",
        "version: 1\nconnections:\n- {plugin: gitlab, name: one, gates: [{x: 'env:NEW'}]}"
      )
      let list = await place.run("plan list.yaml")
      #expect(list.exitCode == .usage)
      #expect(list.stderr.contains("which is not followed"), "\(list.stderr)")
    }
  }

  @Test func `a field near one of the catalogue is taken where the row has it`() async throws {
    try await with(["tokens": "plain"]) { place in
      let there = await place.run("update gitlab/1 --field tokens=other --dry-run --json")
      #expect(there.exitCode == .success, "\(there.everything)")
      #expect(there.stdout.contains("tokens"))
      let slip = await place.run("update gitlab/1 --field tokn=env:NEW --dry-run")
      #expect(slip.exitCode == .usage, "\(slip.everything)")
      #expect(slip.stderr.contains("did you mean 'token'?"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `what DevLake masks is a secret, whatever it is called`() async throws {
    try await with(["somewhat": "ab****yz"]) { place in
      let shell = await place.run("update gitlab/1 --field somewhat=plain-new --dry-run")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(!shell.everything.contains("plain-new"), "\(shell.everything)")
    }
  }
}
