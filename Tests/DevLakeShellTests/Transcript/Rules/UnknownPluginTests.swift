import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// A plugin the catalogue lacks works through the generic form.
struct UnknownPluginTests {
  private static let existing: Seed = .json([
    "connections": [
      [
        "plugin": "gitee", "id": 1, "name": "one", "endpoint": "https://x.example.com/",
        "token": "old-secret",
      ],
      [
        "plugin": "gitee", "id": 2, "name": "two/2", "endpoint": "https://x.example.com/",
        "token": "old-secret",
      ],
      [
        "plugin": "jenkins", "id": 1, "name": "team/7", "endpoint": "https://ci.example.com/",
        "username": "ada", "password": "old-secret",
      ],
    ]
  ])

  private func with(_ body: (ShellFixture) async throws -> Void) async throws {
    try await ShellFixture.with(seed: Self.existing) { place in
      var place = place
      let plain = place.transport
      place.transport = { options in
        RenamedPlugin(behind: plain(options), name: "newthing", original: "gitee")
      }
      try await body(place.with(["NEW": "new-secret"]))
    }
  }

  @Test(arguments: [
    "newthing/1", "--plugin newthing --id 1", "newthing/one", "newthing/1-1", "'newthing/on*'",
    "newthing/name:one",
  ])
  func `every command takes its connections by every selector`(_ selector: String) async throws {
    try await with { place in
      for (command, action) in [
        ("show", "one"), ("test", "passed"), ("update --proxy http://p:1", "Updated newthing/1"),
        ("rotate --token env:NEW", "Rotated newthing/1"), ("impact", "nothing depends on it"),
        ("delete --force", "Deleted newthing/1"),
      ] {
        let shell = await place.run("\(command) \(selector)")
        #expect(shell.exitCode == .success, "\(command): \(shell.everything)")
        #expect(shell.stdout.contains(action), "\(command): \(shell.everything)")
        if command.hasPrefix("rotate") {
          try #expect(place.stored("gitee")["token"] == "new-secret")
        }
      }
      #expect(place.simulator.connections("gitee").count == 1)
    }
  }

  @Test func `a selected plugin does not hide it`() async throws {
    try await with { place in
      let shell = await place.run("use jenkins; test newthing/1; test newthing/*; test 1")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.split(separator: "\n").count == 5)
    }
  }

  @Test func `a name with a slash is a name`() async throws {
    try await with { place in
      for (selector, key) in [("team/7", "jenkins/1"), ("newthing/two/2", "newthing/2")] {
        let shell = await place.run("test \(selector)")
        #expect(shell.stdout.contains("✅ \(key)"), "\(shell.everything)")
      }
      for selector in ["mainframe/1", "mainframe/x", "newthing/nobody", "newthing/9"] {
        let shell = await place.run("test \(selector)")
        #expect(shell.exitCode == .failure, "\(selector): \(shell.everything)")
        #expect(shell.stderr.contains("error: no "))
        #expect(shell.stdout.isEmpty)
      }
    }
  }

  @Test func `it is made with --field, and is in the wizard's menu`() async throws {
    try await with { place in
      let create = "create --plugin newthing --endpoint https://x.example.com/ --field count=5"
      let shell = await place.run(create + " --name three --field token=env:NEW")
      // The plugin that plays it has no such field: DevLake makes the connection without it.
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("ignored count"), "\(shell.stderr)")
      #expect(!shell.everything.contains("new-secret"))
      let post = place.simulator.requests.last { $0.method == "POST" }
      #expect(post?.body["count"] == 5)
      #expect(post?.body["token"] == "new-secret")
      let wizard = await place.run(
        "create",
        answers: ["newthing", "", "https://x.example.com/", "four", "", "typed-secret", ""]
      )
      #expect(wizard.exitCode == .success, "\(wizard.everything)")
      let menu = wizard.offers.first { $0.key.hasPrefix("Which plugin") }?.value ?? []
      #expect(menu.contains("newthing"), "\(menu)")
      #expect(place.simulator.connections("gitee").count == 4)
    }
  }

  /// A plugin of next year: another service of Amazon's, by what Kiro's rows show.
  private func withNextYears(
    _ fields: [String: String] = [:],
    _ original: String = "kiro",
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .empty, era: .september2026) { place in
      var place = place
      let plain = place.transport
      place.transport = { options in
        RenamedPlugin(
          behind: plain(options),
          name: "nextai",
          original: original,
          fields: fields
        )
      }
      try await body(
        place.with(["OLD": "old-secret-0123456789", "NEW": "new-secret-9876543210"])
      )
    }
  }

  @Test func `one of next year is created, tested, rotated, exported, applied and deleted`()
    async throws
  {
    try await withNextYears { place in
      let create =
        "create --plugin nextai --name one --field accessKeyId=AKIA0123456789ABCDEF "
        + "--field secretAccessKey=env:OLD --field region=us-east-1 --field bucket=b"
      let created = await place.run(create)
      #expect(created.exitCode == .success, "\(created.everything)")
      let tested = try await place.run("test nextai/1 --json").record()
      #expect(tested["verdict"] as? String == "unverified")
      #expect((tested["hint"] as? String)?.contains("does not know") == true)
      for line in ["list --plugin nextai", "show nextai/1", "test nextai/1 --deep"] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .success, "\(shell.everything)")
      }
      let rotated = await place.run("rotate nextai/1 --token env:NEW")
      #expect(rotated.exitCode == .success, "\(rotated.everything)")
      try #expect(place.stored("kiro")["secretAccessKey"] == "new-secret-9876543210")
      let named = await place.run("rotate nextai/1 --secret-field secretAccessKey --token env:OLD")
      #expect(named.exitCode == .success, "\(named.everything)")
      try #expect(place.stored("kiro")["secretAccessKey"] == "old-secret-0123456789")
      let wrong = await place.run("rotate nextai/1 --secret-field nothing --token env:NEW")
      #expect(wrong.exitCode == .failure)
      #expect(wrong.stderr.contains("it has no field 'nothing'"), "\(wrong.stderr)")
      _ = await place.run("export > e.yaml")
      let text = try #require(place.folder.text("e.yaml"))
      #expect(text.contains("secretAccessKey: env:DEVLAKE_NEXTAI_ONE_SECRETACCESSKEY"), "\(text)")
      #expect(text.contains("bucket: b"))
      #expect(await place.run("plan e.yaml --exit-code").exitCode == .success)
      let deleted = await place.run("delete nextai/1 --force")
      #expect(deleted.exitCode == .success, "\(deleted.everything)")
      let filled = place.with(["DEVLAKE_NEXTAI_ONE_SECRETACCESSKEY": "new-secret-9876543210"])
      let applied = await filled.run("apply e.yaml --yes")
      #expect(applied.exitCode == .success, "\(applied.everything)")
      #expect(await filled.run("plan e.yaml --exit-code").exitCode == .success)
      try #expect(place.stored("kiro", 2)["secretAccessKey"] == "new-secret-9876543210")
    }
  }

  @Test func `where no name tells the secret, --secret-field does`() async throws {
    try await withNextYears(["token": "passcode"], "rootly") { place in
      let created = await place.run(
        "create --plugin nextai --name one --endpoint https://x.example.com/ "
          + "--secret-field passcode --token env:OLD"
      )
      #expect(created.exitCode == .success, "\(created.everything)")
      try #expect(place.stored("rootly")["token"] == "old-secret-0123456789")
      for line in [
        "rotate nextai/1 --secret-field passcode --token env:NEW",
        "update nextai/1 --secret-field passcode --token env:OLD",
        "update nextai/1 --field passcode=env:NEW",
      ] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .success, "\(line): \(shell.everything)")
        #expect(!shell.everything.contains("secret-"), "\(shell.everything)")
      }
      try #expect(place.stored("rootly")["token"] == "new-secret-9876543210")
      _ = await place.run("export > e.yaml")
      let text = try #require(place.folder.text("e.yaml"))
      #expect(text.contains("passcode: env:DEVLAKE_NEXTAI_ONE_PASSCODE"), "\(text)")
      #expect(await place.run("plan e.yaml --exit-code").exitCode == .success)
    }
  }
}
