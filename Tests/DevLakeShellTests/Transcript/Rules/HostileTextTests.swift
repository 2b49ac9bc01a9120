import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell
@testable import LineEditing

/// That texts of a server can do nothing to a person's terminal, and come through whole as data.
struct HostileTextTests {
  /// Clears the screen, retitles the window, turns the direction, hides letters, ends lines.
  private static let hostile =
    "a\u{1B}[2Jb\u{1B}]0;own\u{7}c\u{202E}d\u{2066}e\u{9B}31mf\r\ng\u{8}h\u{200B}i\u{FEFF}j\u{2028}k"

  private static func text(_ start: String) -> JSONValue { .string(start + hostile) }

  private static let seed = Seed.json([
    "version": text("v1"),
    "connections": [
      [
        "plugin": "github", "name": text("gh"), "endpoint": "https://api.github.com/",
        "authMethod": "AccessToken", "token": .string(Tokens.github), "proxy": text("http://p"),
        "scopes": [["githubId": 1, "name": text("api"), "fullName": text("o/api")]],
      ],
      ["plugin": "gitlab", "name": text("gl"), "token": "old-secret-of-gitlab"],
      ["plugin": "gitlab", "name": text("GL"), "token": "old-secret-of-gitlab"],
      [
        "plugin": "jenkins", "name": "J", "endpoint": "https://j/", "username": text("user"),
        "password": "BAD-password",
      ],
      ["plugin": "gh-copilot", "name": "cp", "token": "x-secret-y", "organization": text("org")],
    ],
    "projects": [
      [
        "name": text("project"),
        "connections": [
          ["pluginName": "github", "connectionId": 1, "scopes": [["scopeId": "1"]]]
        ],
      ]
    ],
    "blueprints": [
      [
        "name": text("bp"), "mode": "ADVANCED",
        "plan": [[["plugin": "gitlab", "options": ["connectionId": 1]]]],
      ]
    ],
    "pipelines": [["name": text("run"), "status": "TASK_RUNNING", "plan": []]],
  ])

  @Test(arguments: [
    "connect", "status", "plugins", "list", "list --wide", "show github/1", "show --impact all",
    "test all", "impact all", "doctor", "export", "api /blueprints", "api /version", "refresh",
    "delete github/1 --force", "delete github/1 --cascade --dry-run", "delete github/1",
    "delete gitlab/1", "delete", "rotate github/1 --token \(Tokens.newGitHub)", "rotate",
    "rotate github/1", "rotate gitlab/* --token text:BADtoken", "update github/1",
    "update gitlab/1",
    "update gitlab/1 --rate-limit 5; audit", "update gitlab/2 --name J", "test",
    "create --plugin gitlab --org x --token text:t", "watch --count 2 1 show gitlab/1",
    "update gitlab/1 --name J; update gitlab/2 --name j", "show gitlab/zz",
  ])
  func `nothing a person is shown or asked moves, turns or hides anything`(
    _ line: String
  ) async throws {
    for options in [["-v"], ["-v", "-o", "vertical"], ["-v", "--json"], ["-v", "-o", "yaml"]] {
      for answers in [nil, ["1", "", ""]] as [[ScriptedConversation.Answer]?] {
        try await ShellFixture.with(seed: Self.seed) { place in
          var place = place
          place.results = Medium(isTerminal: true)
          let shell = await place.run(line, options, answers: answers)
          let text = shell.everything
          #expect(
            !text.unicodeScalars.contains { $0 != "\n" && TerminalText.isHarmful($0) },
            "\(options): \(text.debugDescription)"
          )
        }
      }
    }
  }

  @Test func `data is what the server has`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      let names = ["gl" + Self.hostile, "GL" + Self.hostile]
      let json = await place.run("list --plugin gitlab --json")
      #expect(try json.records().compactMap { $0["name"] as? String } == names)
      let lines = await place.run("list --plugin gitlab -o ndjson")
      let read = try lines.stdout.split(separator: "\n").map {
        try JSONValue(parsing: Array($0.utf8))["name"]?.string
      }
      #expect(read == names)
      let csv = await place.run("list --plugin gitlab -o csv --fields name,id")
      #expect(try StrictCSV.records(csv.stdout).map { $0["name"] } == names)
      let yaml = await place.run("list --plugin gitlab -o yaml")
      #expect(try YAML.parse(yaml.stdout).array?.map { $0["name"]?.string } == names)
    }
  }

  @Test func `what was exported is what there is`() async throws {
    let names = ["\u{FEFF}a\u{202E}b\u{200B}c", "ab\u{2066}c\u{FEFF}"]
    let connections = names.map { name -> JSONValue in
      [
        "plugin": "gitlab", "name": .string(name), "endpoint": "https://gitlab.com/api/v4/",
        "token": "old-secret-of-gitlab",
      ]
    }
    try await ShellFixture.with(seed: .json(["connections": .array(connections)])) { place in
      for format in ["", " --json"] {
        let shell = await place.run("export\(format) > wanted.yaml; plan wanted.yaml --json")
        #expect(shell.exitCode == .success, "\(shell.everything)")
        let summary = (try shell.json() as? [String: Any])?["summary"] as? [String: Any]
        #expect(summary?["unchanged"] as? Int == 2, "\(shell.stdout)")
      }
    }
  }

  @Test func `the audit log has the name as it is, on one line`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      _ = await place.run("update gitlab/1 --rate-limit 5")
      #expect(try place.audit().map { $0["name"] as? String } == ["gl" + Self.hostile])
      let text = try #require(place.folder.text("state/devlake-shell/audit.ndjson"))
      #expect(!text.unicodeScalars.contains { $0 != "\n" && TerminalText.isHarmful($0) })
    }
  }

  @Test func `a name is typed as it is shown`() async throws {
    let connection: JSONObject = [
      "plugin": "github", "name": Self.text("gh"), "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(Tokens.github),
      "scopes": [["githubId": 1, "name": "api", "fullName": "o/api"]],
    ]
    try await ShellFixture.with(connection: connection) { place in
      let asked = await place.run("delete github/1 --cascade", answers: ["no"])
      let question = try #require(asked.questions.first)
      let end = "), Enter keeps it: "
      #expect(question.hasSuffix(end))
      let shown = TerminalText.sanitized(
        String(question.drop { $0 != "(" }.dropFirst().dropLast(end.count))
      )
      #expect(shown.hasPrefix("gha"))
      let shell = await place.run("delete github/1 --cascade", answers: [.text(shown)])
      #expect(shell.questions == asked.questions)
      #expect(place.simulator.connections("github").isEmpty, "\(shell.everything)")
    }
  }

  @Test func `the line that shows what is awaited is clean, too`() {
    let drawn = CollectedText()
    let line = ProgressLine(width: { 200 }, isUTF8: true, write: { drawn.write($0) })
    line.begin()
    line.expect([Self.hostile, "jira"])
    line.draw(at: ContinuousClock.now + .seconds(60))
    line.say(Self.hostile)
    line.end()
    let text = drawn.text.replacing("\r", with: "").replacing("\u{1B}[K", with: "")
    #expect(text.contains("waiting for abc"))
    #expect(
      !text.unicodeScalars.contains(where: TerminalText.isHarmful),
      "\(text.debugDescription)"
    )
  }
}
