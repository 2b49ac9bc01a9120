import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// `create --from FILE`.
@Suite struct CreationFileTests {
  private static let token = "glpat-0123456789abcdefghij"

  private func run(
    _ file: String,
    _ text: String,
    _ options: [String] = []
  ) async throws
    -> ScriptHarness.Outcome
  {
    try await ScriptHarness(
      environment: ["CORE_TOKEN": Self.token, "DATA_TOKEN": Self.token],
      files: [file: text],
      seed: .empty
    ).run(["create", "--from", file] + options)
  }

  @Test func `every row of a CSV file, and every record of a JSON file, becomes a connection`()
    async throws
  {
    let csv = """
      plugin,name,org,proxy,token
      gitlab,Core,core,,env:CORE_TOKEN
      gitlab,"Data, all",data,http://proxy:3128,env:DATA_TOKEN
      """
    let json = """
      [{"plugin":"gitlab","name":"Core","org":"core","token":"env:CORE_TOKEN"},
       {"plugin":"gitlab","name":"Data","org":"data","token":"env:DATA_TOKEN","rateLimitPerHour":5}]
      """
    for (file, text) in [("t.csv", csv), ("t.json", json)] {
      let outcome = try await run(file, text)
      #expect(outcome.code == 0, "\(outcome.messages)")
      let posts = outcome.requests.filter { $0 == "POST /plugins/gitlab/connections" }
      #expect(posts.count == 2)
      #expect(!(outcome.output + outcome.messages).contains(Self.token))
    }
  }

  @Test func `all mistakes are told at their places before anything is sent`() async throws {
    let csv = """
      plugin,name,org,token,colour
      githbu,A,a,env:CORE_TOKEN,
      gitlab,B,b,cmd:echo x,
      gitlab,C,,env:CORE_TOKEN,red
      gitlab,D,d
      """
    let outcome = try await run("t.csv", csv)
    #expect(outcome.code == 2)
    #expect(outcome.requests.isEmpty)
    for place in [
      "t.csv:2:1-6: error: no plugin named 'githbu'", "t.csv:3:12-21: error: 'cmd:' in a file",
      "t.csv:1:23-28: error: GitLab has no 'colour'", "t.csv:5:1-10: error: 3 cells",
    ] {
      #expect(outcome.messages.contains(place), "\(place): \(outcome.messages)")
    }
  }

  @Test func `one that fails its test keeps all from being saved`() async throws {
    let csv =
      "plugin,name,org,token\ngitlab,A,a,env:CORE_TOKEN\ngitlab,B,b,BAD-token-of-some-length\n"
    let outcome = try await run("t.csv", csv)
    #expect(outcome.code == 1)
    #expect(!outcome.requests.contains("POST /plugins/gitlab/connections"))
    #expect(outcome.messages.contains("nothing was saved"))
    #expect(!(outcome.output + outcome.messages).contains("BAD-token"))
  }

  @Test func `commands and files in its cells are followed only when that is said`() async throws {
    let csv = "plugin,name,org,token\ngitlab,A,a,cmd:printf \(Self.token)\n"
    #expect(try await run("t.csv", csv).code == 2)
    let outcome = try await run("t.csv", csv, ["--allow-cmd"])
    #expect(outcome.code == 0, "\(outcome.messages)")
  }
}
