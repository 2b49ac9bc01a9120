import DevLakeSimulator
import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct SelectorTests {
  @Test(
    arguments: [
      ("github/1", "github/1"), ("github/1-5", "github/1 github/2"),
      ("github/2,1", "github/2 github/1"),
      ("github/1,1-2", "github/1 github/2"), ("github/1-9223372036854775807", "github/1 github/2"),
      ("github/*", "github/1 github/2"), ("github/all", "github/1 github/2"),
      ("azure-devops/1", "azuredevops_go/1"), ("'GitHub - my-org'", "github/1"),
      ("'github/GitHub - my-org'", "github/1"), ("name:'GitHub - my-org'", "github/1"),
      ("'github/name:GitHub - my-org'", "github/1"), ("'GitHub?-*'", "github/1 github/2"),
      ("'github/*labs'", "github/2"), ("$(list --plugin jira)", "jira/1"),
      ("$(list --where 'plugin == github')", "github/1 github/2"), ("$(show github/2)", "github/2"),
      ("--plugin github 1", "github/1"), ("--plugin github github/1", "github/1"),
      ("--plugin github --id 2", "github/2"), ("--plugin github", "github/1 github/2"),
      ("github/1 github/1 github/*", "github/1 github/2"),
      ("--where 'id == 2' --where 'plugin ~ git'", "github/2 gitlab/2"),
      ("github/* --where 'id > 1'", "github/2"),
    ]
  )
  func `selectors name connections by their shape`(words: String, found: String) async throws {
    let script = "for c in $(list \(words)) { echo ${c.plugin}/${c.id} }"
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.output == found.replacing(" ", with: "\n") + "\n", "\(outcome.messages)")
    #expect(outcome.code == 0)
  }

  @Test func `update takes every selector that means one connection`() async throws {
    for words in [
      "github/2", "'GitHub*labs'", "--where 'name ~ labs'", "--plugin github --where 'id > 1'",
      "$(list --where 'name ~ labs')", "github/2-9",
    ] {
      let outcome = try await ScriptHarness().run(["-c", "update \(words) --name New"])
      #expect(outcome.code == 0, "\(words): \(outcome.messages)")
      #expect(outcome.output.contains("github/2"))
    }
    for words in ["github/*", "--where 'plugin == github'", "$(list --plugin github)"] {
      let outcome = try await ScriptHarness().run(["-c", "update \(words) --name New"])
      #expect(outcome.code == 2, "\(words): \(outcome.messages)")
      #expect(!outcome.requests.contains { $0.hasPrefix("PATCH") })
    }
  }

  @Test func `all, an id and a name are of the plugin in use`() async throws {
    let script = """
      use github
      for c in $(list all) { echo ${c.plugin}/${c.id} }
      for c in $(list 2) { echo ${c.plugin}/${c.id} }
      for c in $(list 'GitHub - my-org') { echo ${c.plugin}/${c.id} }
      for c in $(list gitlab/1) { echo ${c.plugin}/${c.id} }
      """
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.output == "github/1\ngithub/2\ngithub/2\ngithub/1\ngitlab/1\n")
    let all = try await ScriptHarness().run(["-c", "for c in $(list all) { echo . }"])
    #expect(all.output.count == 14 * 2)
  }

  @Test(
    arguments: [
      "github/0", "github/00", "github/01", "github/-1", "github/1-", "github/1,", "github/,1",
      "github/3-1", "github/1-2-3", "github/9223372036854775808", "''", "github/", "githubb/1",
      "2024-01", "--plugin github --id 0", "--plugin github --id -1", "--plugin github --id 1.0",
      "--plugin github --id 9223372036854775808",
    ]
  )
  func `what can be no connection is told before anything is sent`(words: String) async throws {
    for script in ["show \(words)", "delete \(words) --force", "let x = 1; test \(words)"] {
      let outcome = try await ScriptHarness().run(["-c", script])
      #expect(outcome.code == 2, "\(outcome.messages)")
      // Whether a near name is a plugin of the server's is asked.
      let asked = outcome.requests.filter { !["GET /version", "GET /plugins"].contains($0) }
      #expect(asked.isEmpty, "\(outcome.requests)")
      #expect(outcome.messages.hasPrefix("<argument>:1:"), "\(outcome.messages)")
    }
    for value in ["0", "-1", "1-", ",1", "9223372036854775808"] {
      let outcome = try await ScriptHarness().run(["-c", "let i = '\(value)'; test github/$i"])
      #expect(outcome.code == 2)
      #expect(outcome.requests.isEmpty)
    }
  }

  @Test(
    arguments: [
      ("github/3", "no connection github/3", "shows what is there"),
      ("github/1,3,5", "no connection github/3", "shows what is there"),
      ("github/7-9", "has an ID in 'github/7-9'", ""),
      ("'GitHub - my-orh'", "no connection named", "did you mean 'GitHub - my-org'?"),
      ("'*zzz*'", "no connection has a name like '*zzz*'", ""),
      ("name:team/a", "no connection named 'team/a'", ""),
      ("name:2024-01", "no connection named '2024-01'", ""),
      ("'команда/a'", "no connection named 'команда/a'", ""),
      ("'GitHub*/x'", "no connection has a name like", ""),
      ("nosuch/1", "no plugin named 'nosuch'", ""),
      ("--where 'id == 99'", "no connection is selected", ""),
      ("$(list --where 'id == 99')", "no connection is selected", ""),
    ]
  )
  func `what is not there is told with what to do`(
    words: String,
    message: String,
    help: String
  ) async throws {
    let outcome = try await ScriptHarness().run(["-c", "delete \(words) --force"])
    #expect(outcome.code == 1)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(outcome.messages.contains(help), "\(outcome.messages)")
    #expect(outcome.requests.allSatisfy { $0.hasPrefix("GET ") })
  }

  @Test(
    arguments: [
      "it's \"quoted\"", "Команда 日本 😀", "team/service", "name:x", "all", "3", "1-5", "a*b",
      "--force",
      "a\\b", "$x", "jira/1",
    ]
  )
  func `names are found whatever stands in them`(name: String) async throws {
    let script = """
      update github/1 --name=\(Quoting.quote(name)) > /dev/null
      let n = \(Quoting.quote("name:" + name))
      for c in $(list $n) { echo ${c.plugin}/${c.id} }
      let plain = \(Quoting.quote(name))
      for c in $(list --where "name == $plain") { echo ${c.plugin}/${c.id} }
      test \(Quoting.quote("github/name:" + name)) > /dev/null && echo tested
      """
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.output == "github/1\ngithub/1\ntested\n", "\(outcome.messages)")
  }

  @Test(
    arguments: [
      ("id == 1", 11), ("id == 1.0", 11), ("id != 1", 3), ("id < 2", 11), ("id <= 1", 11),
      ("id > 1", 3), ("id >= 2", 3), ("id == nan", 0), ("name ~ MY-org", 7),
      ("name ~ git*org", 3), ("name ~ 'G?tHub'", 3), ("name < B", 2), ("plugin == github", 2),
      ("plugin != github", 12), ("name == 'GitHub - my-org'", 1), ("name=='GitHub - my-org'", 1),
      ("organization == null", 11), ("organization != null", 3), ("not organization == null", 3),
      ("plugin == github or plugin == gitlab", 4), ("plugin == jenkins and id > 1", 1),
      ("id == 2 and (plugin == github or plugin ~ lab)", 2), ("not (id == 1)", 3),
      ("organization < z", 3), ("createdAt > 2000-01-01", 14), ("createdAt < 2000-01-01", 0),
      ("createdAt > 2000-01-01T00:00:00Z and createdAt < 2999-01-01", 14),
      ("name == \"null\"", 0), ("enterprise ~ x", 0), ("not enterprise ~ x", 14),
    ]
  )
  func `--where compares numbers when both are, texts otherwise`(
    condition: String,
    count: Int
  ) async throws {
    let outcome = try await ScriptHarness()
      .run(["-c", "for c in $(list --where \(Quoting.quote(condition))) { echo . }"])
    #expect(outcome.output.count == count * 2, "\(outcome.messages)")
  }

  @Test(
    arguments: [
      ("", "write it like"), ("id", "comparisons are"), ("id = 1", "'==' compares"),
      ("== 1", "write it like"), ("nmae == x", "did you mean 'name'?"),
      ("name == GitHub - my-org", "quote"), ("id ~~ 3", "quote a value"),
      ("name == a && id == 1", "write 'and'"), ("name == a || id == 1", "write 'or'"),
      ("id > abc", "a number, and the text 'abc'"), ("createdAt < yesterday", "2026-11-01"),
      ("(name == a", "never closed"), ("name == a)", "unexpected ')'"), ("name ==", "is missing"),
      ("name == a b", "quote"), ("name == 'a", "never closed"), ("not", "write it like"),
    ]
  )
  func `a condition that cannot be read, or asks for a field nobody has, is a mistake`(
    condition: String,
    help: String
  ) async throws {
    let outcome = try await ScriptHarness()
      .run(["-c", "list --where \(Quoting.quote(condition))"])
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains(help), "\(outcome.messages)")
  }
}
