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

  private func with(_ body: (Workplace) async throws -> Void) async throws {
    try await Workplace.with(seed: Self.existing) { place in
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
      #expect(wizard.questions.first?.contains("] newthing\n") == true)
      #expect(place.simulator.connections("gitee").count == 4)
    }
  }
}
