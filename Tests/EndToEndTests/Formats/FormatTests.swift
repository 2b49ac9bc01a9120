import DevLakeKit
import DevLakeSimulator
import Testing

/// The formats of results, and what the dependencySnapshot say about them.
struct FormatTests {
  @Test func `yaml holds what json holds`() async throws {
    try await ProgramFixture.with { fixture in
      let json = try await fixture.run(["list", "--output", "json"])
      let yaml = try await fixture.run(["-o", "yaml", "list"])
      #expect(yaml.status == 0, "\(yaml.stderr)")
      #expect(yaml.stdout.hasPrefix("- plugin: argocd\n  id: 1\n"))
      #expect(try YAML.parse(yaml.stdout) == JSONValue(parsing: Array(json.stdout.utf8)))
      let session = try await fixture.run(["-c", "set output yaml; list --plugin github"])
      #expect(session.stdout.hasPrefix("- plugin: github\n"))
    }
  }

  @Test(
    arguments: [
      ("csv", "id,plugin\n1,github\n2,github\n"), ("tsv", "id\tplugin\n1\tgithub\n2\tgithub\n"),
      ("yaml", "- id: 1\n  plugin: github\n- id: 2\n  plugin: github\n"),
      ("ndjson", "{\"id\":1,\"plugin\":\"github\"}\n{\"id\":2,\"plugin\":\"github\"}\n"),
      ("vertical", "id:     1\nplugin: github\n\nid:     2\nplugin: github\n"),
      ("table", "id  plugin\n──  ──────\n 1  github\n 2  github\n"),
    ]
  )
  func `--fields selects and orders in every format`(format: String, text: String) async throws {
    try await ProgramFixture.with { fixture in
      let list = try await fixture.run(
        ["list", "--plugin", "github", "--fields", "id, plugin", "-o", format]
      )
      #expect(list.status == 0, "\(list.stderr)")
      #expect(list.stdout == text)
    }
  }

  @Test func `an unknown field is a mistake with a suggestion`() async throws {
    try await ProgramFixture.with { fixture in
      let typo = try await fixture.run(["list", "--fields", "plugin,nmae"])
      #expect(typo.status == 2)
      #expect(typo.stdout.isEmpty)
      #expect(typo.stderr.contains("no field named 'nmae'"))
      #expect(typo.stderr.contains("did you mean 'name'?"), "\(typo.stderr)")
      let empty = try await fixture.run(["list", "--fields", "plugin,,id"])
      #expect(empty.status == 2)
    }
  }

  @Test func `a change is told even when the fields are wrong`() async throws {
    try await ProgramFixture.with { fixture in
      let delete = try await fixture.run(
        ["delete", "github/2", "--force", "--fields", "acton", "--json"]
      )
      #expect(delete.status == 0, "\(delete.stderr)")
      #expect(delete.stderr.contains("did you mean 'action'?"))
      #expect(delete.stdout.contains(#""action": "deleted""#))
    }
  }

  @Test func `--wide adds endpoint, authentication, proxy, rate limit and age`() async throws {
    try await ProgramFixture.with { fixture in
      let list = try await fixture.run(["list", "--plugin", "github", "--wide"])
      let lines = list.stdout.split(separator: "\n")
      let header = try #require(lines.first)
      for title in ["Endpoint", "Auth", "Proxy", "Rate", "Age"] { #expect(header.contains(title)) }
      let row = try #require(lines.dropFirst(2).first)
      #expect(row.contains("https://api.github.com/"))
      #expect(row.contains("AccessToken"))
      #expect(row.firstMatch(of: /\d+ (s|min|h|d|y)$/) != nil, "\(row)")
    }
  }

  @Test func `a locale without UTF-8 gets ASCII, in results and in notes`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["LC_ALL"] = "C"
      let list = try await fixture.run(["list", "--plugin", "github"])
      #expect((list.stdout + list.stderr).utf8.allSatisfy { $0 < 0x80 })
      #expect(list.stdout.contains("------"))
      let test = try await fixture.run(["test", "all"])
      #expect((test.stdout + test.stderr).utf8.allSatisfy { $0 < 0x80 }, "\(test.stdout)")
      #expect(test.stdout.contains("ok "))
      #expect(test.stdout.contains("FAILED "))
      fixture.environment["GITHUB_TOKEN"] = "ghp_0123456789012345678901234567890123456789"
      let made = try await fixture.run(["create", "--plugin", "github", "--org", "acme"])
      #expect(made.status == 0, "\(made.stderr)")
      #expect((made.stdout + made.stderr).utf8.allSatisfy { $0 < 0x80 })
      #expect(made.stderr.contains("hint: "), "\(made.stderr)")
    }
  }

  @Test func `wide characters keep the columns straight`() async throws {
    try await ProgramFixture.with(seed: .empty) { fixture in
      fixture.environment["GITHUB_TOKEN"] = "ghp_0123456789012345678901234567890123456789"
      for name in ["日本語", "abc", "ключ", "🔑"] {
        let made = try await fixture.run(
          ["create", "--plugin", "github", "--org", "x", "--name", name]
        )
        #expect(made.status == 0, "\(made.stderr)")
      }
      let list = try await fixture.run(["list", "--plugin", "github"])
      let rows = list.stdout.split(separator: "\n").dropFirst(2)
      // Each name has blanks up to the same cell: two cells a letter of Japanese.
      #expect(rows.map { $0.dropFirst(12).prefix { $0 != "x" }.count } == [5, 8, 8, 7])
    }
  }

  @Test(
    arguments: [
      (["NO_COLOR": "1"], false, false), (["CLICOLOR_FORCE": "1"], false, true),
      ([:], false, false), ([:], true, true), (["NO_COLOR": "1"], true, false),
      (["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], true, false),
    ] as [([String: String], Bool, Bool)]
  )
  func `colour is as NO_COLOR, CLICOLOR_FORCE and the terminal say`(
    environment: [String: String],
    isOnTerminal: Bool,
    hasColor: Bool
  ) async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment.merge(environment) { $1 }
      let text: String
      if isOnTerminal {
        let terminal = try fixture.terminal("-c", "nonsense")
        #expect(try terminal.exitStatus() == 2)
        text = String(decoding: terminal.bytes, as: UTF8.self)
      } else {
        text = try await fixture.run(["-c", "nonsense"]).stderr
      }
      #expect(text.contains("no command"), "\(text)")
      #expect(text.contains("\u{1B}[") == hasColor, "\(text.debugDescription)")
    }
  }
}
