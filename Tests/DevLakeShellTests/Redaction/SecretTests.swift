import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct ScriptSecretTests {
  static let token = "ghp_012345678901234567890123456789abcdef"
  static let harness = ScriptHarness(environment: [
    "GITHUB_PAT": token, "MY_PASSWORD": "hunter22", "PLACE": "here",
  ])

  @Test(
    arguments: [
      ("let --secret t = env:GITHUB_PAT; echo $t", "***\n"),
      ("let --secret t = env:GITHUB_PAT; let u = \"a $t b\"; echo $u", "***\n"),
      ("let t = ${env.GITHUB_PAT}; echo $t \"x$t\"", "*** ***\n"),
      ("echo ${env.MY_PASSWORD} ${env.PLACE}", "*** here\n"),
      ("let --secret t = cmd:'printf %s abcdefgh'; echo $t", "***\n"),
      ("let --secret t = env:GITHUB_PAT; let c = $(echo $t); echo $c", "***\n"),
      ("let --secret t = env:GITHUB_PAT; for x in $t b { echo $x }", "***\nb\n"),
      ("let --secret t = env:GITHUB_PAT; let u = $t; if $u == $t { echo same }", "same\n"),
      ("let --secret t = env:GITHUB_PAT; let u = $(!echo \"[$t$GITHUB_PAT]\"); echo $u", "[]\n"),
      (
        "let e = ${env.GITHUB_PAT}; let u = $(!echo \"[$e$GITHUB_PAT$PLACE]\"); echo $u",
        "[here]\n"
      ),
      (
        "let p = \"a b'c\"; let --secret t = \"cmd:printf %s $p\"; if $t == \"a b'c\" { echo q }",
        "q\n"
      ),
    ]
  )
  func `a secret prints as *** wherever it goes`(script: String, output: String) async throws {
    let outcome = try await Self.harness.run(["-c", script])
    #expect(outcome.messages.isEmpty)
    #expect(outcome.output == output)
  }

  @Test(
    arguments: [
      "let --secret t = env:GITHUB_PAT; create --plugin github --name ⟦$t⟧",
      "let --secret t = env:GITHUB_PAT; show ⟦\"github/$t\"⟧",
      "let --secret t = env:GITHUB_PAT; list > ⟦$t⟧",
    ]
  )
  func `a secret is refused where it would show`(marked: String) async throws {
    let text = try MarkedText(marked)
    let outcome = try await Self.harness.run(["-c", text.source.text])
    let place = LineTable(text.source).place(of: try #require(text.spans.first)).text
    #expect(outcome.messages.hasPrefix("<argument>:\(place): error: "), "\(outcome.messages)")
    #expect(!outcome.messages.contains(Self.token))
    #expect(outcome.code == 2)
  }

  @Test func `a value that reads like a reference is neither run nor read`() async throws {
    for value in ["cmd:touch made", "env:GITHUB_PAT", "file:/etc/passwd", "-", "prompt"] {
      for use in [
        "rotate github/1 --token $v", "let --secret t = $v", "rotate github/1 --token=$v",
      ] {
        let script = "let v = '\(value)'; \(use)"
        let outcome = try await Self.harness.run(["-c", script])
        #expect(outcome.code == 2, "\(script)")
        #expect(outcome.messages.contains("is not followed as a reference"), "\(script)")
        #expect(!outcome.requests.contains { $0.hasPrefix("PATCH") })
      }
    }
  }

  @Test(
    arguments: [
      "a'b", "$(touch made)", "`touch made`", "a; touch made", "\\", "a\\", "\"", "a b", "*", "#",
      "~",
    ]
  )
  func `what a value holds cannot leave its place in a cmd:`(value: String) async throws {
    let script = """
      let v = \(Quoting.quote(value))
      let --secret t = "cmd:printf '<%s>' $v x$v # it isn't $v"
      if $t == "<$v><x$v>" { echo same }
      """
    let lines = await TextLines("")
    let (outcome, isMade) = try await Self.harness.run(
      ["-c", script.replacing(" # it isn't $v", with: " # it is $v")],
      lines: lines,
      inspecting: { FileManager.default.fileExists(atPath: $0 + "/made") }
    )
    #expect(outcome.output == "same\n", "\(outcome.messages)")
    #expect(!isMade)
    let refused = try await Self.harness.run(["-c", script])
    #expect(refused.code == 2)
    #expect(refused.messages.isEmpty == false)
  }

  @Test func `a secret does not go into a command, where ps would show it`() async throws {
    for use in [
      "let --secret u = \"cmd:echo $t\"", "rotate github/1 --token \"cmd:echo $t\"",
      "update github/1 --field token=\"cmd:echo $t\"",
    ] {
      let script = "let --secret t = env:GITHUB_PAT; \(use)"
      let outcome = try await Self.harness.run(["-c", script])
      #expect(outcome.code == 2, "\(use)")
      #expect(outcome.messages.contains("everyone who can run ps"), "\(outcome.messages)")
    }
  }

  @Test func `--field and every option of a secret take a secret, and DevLake gets it`()
    async throws
  {
    let harness = Self.harness
    for (use, body) in [
      ("update gitlab/1 --field token=$t", "PATCH /plugins/gitlab/connections/1"),
      ("update gitlab/1 --field \"token=$t\"", "PATCH /plugins/gitlab/connections/1"),
      ("update jenkins/1 --field password=x$t", "PATCH /plugins/jenkins/connections/1"),
      (
        "create --plugin gitlab --org new --field token=$t",
        "POST /plugins/gitlab/connections"
      ),
    ] {
      let script = "let --secret t = env:GITHUB_PAT; \(use)"
      let outcome = try await harness.run(["-c", script])
      #expect(outcome.code == 0, "\(use): \(outcome.messages)")
      #expect(outcome.requests.contains(body), "\(use)")
      #expect(!(outcome.output + outcome.messages).contains(Self.token))
    }
    for (use, words) in [
      ("update github/1 --field name=$t", "would show a secret"),
      ("update github/1 --field $t", "a literal name"),
    ] {
      let outcome = try await harness.run(["-c", "let --secret t = env:GITHUB_PAT; \(use)"])
      #expect(outcome.code == 2)
      #expect(outcome.messages.contains(words), "\(outcome.messages)")
      #expect(!outcome.messages.contains(Self.token))
    }
  }

  @Test func `a question off a terminal ends with 5, wherever it would be asked`() async throws {
    for script in [
      "let --secret t = prompt", "rotate github/1 --token prompt",
      "update gitlab/1 --field token=prompt",
    ] {
      let outcome = try await Self.harness.run(["-c", script])
      #expect(outcome.code == 5, "\(script): \(outcome.messages)")
      #expect(!outcome.requests.contains { $0.hasPrefix("PATCH") })
    }
  }

  @Test func `a value is never an option, whatever it reads like`() async throws {
    let outcome = try await Self.harness.run(["-c", "let x = --force; delete github/1 $x"])
    #expect(outcome.code != 0)
    #expect(!outcome.requests.contains { $0.hasPrefix("DELETE") })
  }

  @Test func `rotate takes a secret variable, and the server gets it`() async throws {
    let script = "let --secret t = env:GITHUB_PAT; rotate github/1 --token $t"
    let outcome = try await Self.harness.run(["-c", script])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(!(outcome.output + outcome.messages).contains(Self.token))
    #expect(outcome.requests.contains { $0 == "PATCH /plugins/github/connections/1" })
  }

  @Test func `a message shows the line, but not the secret in it`() async throws {
    let script = "rotate github/1 --token \(Self.token); lst"
    let outcome = try await Self.harness.run(["-c", script])
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains("--token ***; lst"), "\(outcome.messages)")
    #expect(!outcome.messages.contains(Self.token))
  }
}
