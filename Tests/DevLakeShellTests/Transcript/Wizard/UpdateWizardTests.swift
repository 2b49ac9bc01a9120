import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// `update`, `test`, `delete` and `rotate` alone let a person pick, and ask for what they need.
struct UpdateWizardTests {
  typealias Answer = ScriptedConversation.Answer

  @Test func `current values are the defaults, and Enter keeps them`() async throws {
    try await Workplace.with(seed: .demo) { place in
      let shell = await place.run(
        "configure connection update",
        answers: ["Jenkins - ci", "", "", "", "", ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.dropFirst().first == "Name [Jenkins - ci]: ")
      #expect(shell.questions.contains("Proxy [none]: "))
      #expect(shell.stdout.contains("nothing changed"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a wrong answer is asked again`() async throws {
    try await Workplace.with(seed: .demo) { place in
      let shell = await place.run(
        "update",
        answers: [
          "github/2", "labs", "api.github.com", "", "proxy", "http://proxy:1", "", .end,
        ]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.contains { $0.hasPrefix("the endpoint 'api.github.com' does not") })
      #expect(shell.questions.contains { $0.hasPrefix("the proxy 'proxy' is no") })
      let stored = try place.stored("github", 2)
      #expect(stored["name"] == "labs")
      #expect(stored["proxy"] == "http://proxy:1")
    }
  }

  @Test(arguments: ["update", "test", "delete", "rotate", "configure connection delete"])
  func `one is picked by number, name or a unique part`(_ command: String) async throws {
    for pick: Answer in ["8", "gitlab/1", "GitLab - my-group", "my-gr"] {
      try await Workplace.with(seed: .demo) { place in
        let shell = await place.run(command, answers: [pick, .interrupt])
        #expect(shell.questions.first?.contains("  [8] gitlab/1 \"GitLab - my-group\"") == true)
        if command == "test" {
          #expect(shell.stdout.contains("gitlab/1"))
        } else {
          #expect(shell.exitCode == .interrupted)
          #expect(shell.everything.contains("GitLab - my-group"))
          #expect(place.writes.isEmpty)
        }
      }
    }
  }

  @Test(arguments: [
    ("update", "--plugin PLUGIN and --id ID and --name, --endpoint, --proxy, --token,"),
    ("test", "--plugin PLUGIN and --id ID"),
    ("delete", "--plugin PLUGIN and --id ID"), ("rotate", "--plugin PLUGIN and --id ID"),
    ("create", "--plugin PLUGIN"),
  ])
  func `without a terminal every missing option is named at once`(
    _ command: String,
    _ flags: String
  ) async throws {
    try await Workplace.with(seed: .demo) { place in
      let shell = await place.run(command)
      #expect(shell.exitCode == .unasked)
      #expect(shell.stderr.contains(flags), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }
}
