import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That all that depends on a connection is found, and nothing else.
struct ImpactTests {
  /// github/1 with blueprints that use it in every way, and some that only look so.
  private static func seed(_ blueprints: [JSONValue]) -> Seed {
    .json([
      "connections": [
        [
          "plugin": "github", "name": "g", "endpoint": "https://api.github.com/",
          "authMethod": "AccessToken", "token": .string(Tokens.github),
        ],
        ["plugin": "bitbucket", "name": "b", "username": "ada", "password": "old-secret"],
      ],
      "blueprints": .array(blueprints),
    ])
  }

  private static func task(_ plugin: JSONValue, _ options: JSONValue) -> JSONValue {
    [[["plugin": plugin, "options": options]]]
  }

  @Test(arguments: [
    ("plan", task("github", ["connectionId": 1])),
    ("plan", task("github", ["ConnectionId": "1"])),
    ("plan", task("github_graphql", ["connectionId": 1])),
    ("plan", task("gitextractor", ["connectionId": 1, "pluginName": "github"])),
    ("plan", task("gitextractor", ["repoId": "github:GithubRepo:1:99", "url": "https://x"])),
    ("plan", task("refdiff", ["repoId": "github:GithubRepo:1:99"])),
    ("beforePlan", task("github", ["connectionId": 1])),
    ("afterPlan", task("gitextractor", ["repoId": "github:GithubRepo:1:99"])),
    (
      "plan",
      task(
        "org",
        ["projectMappings": [["scopes": [["table": "repos", "rowId": "github:GithubRepo:1:9"]]]]]
      )
    ),
  ])
  func `a plan that uses it is found, and DevLake would not mind`(
    _ member: String,
    _ plan: JSONValue
  ) async throws {
    let mode: JSONValue = member == "plan" ? "ADVANCED" : "NORMAL"
    let blueprint = JSONValue.object(
      JSONObject([("name", "night"), ("mode", mode), (member, plan)])
    )
    try await ShellFixture.with(seed: Self.seed([blueprint])) { place in
      let shell = await place.run("impact github/1")
      #expect(shell.stdout.contains("blueprint 'night'"), "\(shell.everything)")
      #expect(shell.stdout.contains("DevLake does not protect it"))
      let record = try await place.run("impact github/1 --json").record()
      #expect(record["deletable"] as? Bool == true)
      let found = try #require((record["blueprints"] as? [[String: Any]])?.first)
      #expect(found["places"] as? [String] == [member])
      // DevLake would delete it, and nobody was asked.
      let refused = await place.run("delete github/1 --force")
      #expect(refused.exitCode == .failure, "\(refused.everything)")
      #expect(refused.stderr.contains("uses it in its plan"), "\(refused.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: [
    task("github", ["connectionId": 2]), task("gitlab", ["connectionId": 1]),
    task("gitextractor", ["connectionId": 1, "pluginName": "gitlab"]),
    task("refdiff", ["repoId": "github:GithubRepo:11:1"]),
    task("bitbucket_server", ["connectionId": 1]), task("dora", ["projectName": "github:x:1"]),
    task("github", nil),
  ])
  func `a plan that only looks so is not`(_ plan: JSONValue) async throws {
    let blueprint: JSONValue = ["name": "night", "mode": "ADVANCED", "plan": plan]
    try await ShellFixture.with(seed: Self.seed([blueprint])) { place in
      let shell = await place.run("impact github/1 bitbucket/1")
      #expect(!shell.stdout.contains("night"), "\(shell.everything)")
    }
  }

  @Test func `every page of blueprints and scopes is read`() async throws {
    let count = 1100
    let connection: JSONValue = [
      "plugin": "github", "name": "g", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(Tokens.github),
      "scopes": .array(
        (1...count).map { ["githubId": .integer($0), "fullName": .string("acme/\($0)")] }
      ),
    ]
    let blueprints = (1...count).map { number -> JSONValue in
      [
        "name": .string("night \(number)"), "mode": "ADVANCED",
        "plan": Self.task("github", ["connectionId": number == 1 ? 1 : 2]),
      ]
    }
    let seed: Seed = .json(["connections": [connection], "blueprints": .array(blueprints)])
    try await ShellFixture.with(seed: seed) { place in
      let record = try await place.run("impact github/1 --json").record()
      #expect((record["scopes"] as? [String: Any])?["count"] as? Int == count)
      // The oldest stands on the last page.
      let names = (record["blueprints"] as? [[String: Any]])?.map { $0["name"] as? String }
      #expect(names == ["night 1"])
      #expect(record["blockedBy"] as? [String] == ["scopes"])
    }
  }

  @Test func `blueprints and pipelines are read once for many connections`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("impact all --json")
      try #expect(shell.records().count == 14)
      #expect(place.simulator.requests.count { $0.path == "/blueprints" } == 1)
    }
  }

  @Test func `running pipelines are named`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      place.simulator.beginPipeline("hourly")
      let shell = await place.run("impact github/1")
      #expect(shell.stdout.contains("pipeline 'hourly' runs in this DevLake"))
      #expect(
        shell.stdout.contains(
          "DevLake would not delete it now: a pipeline runs; blueprints list it: "
            + "'platform-Blueprint', 'web-Blueprint'; it has scopes"
        ),
        "\(shell.stdout)"
      )
      let refused = await place.run("delete gitlab/1 --force")
      #expect(refused.exitCode == .failure)
      #expect(refused.stdout.contains("gitlab/1 was not deleted: pipeline 'hourly' is running"))
      #expect(refused.stderr.contains("--wait"))
      try #expect(place.auditLines() == ["gitlab/1 refused refused"])
    }
  }

  @Test func `a refusal for scopes names them`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      _ = await place.run("delete github/1 --cascade --force --expect 1 > x")
      let shell = await place.run("delete jenkins/1 --force")
      #expect(shell.stdout.contains("blueprint 'platform-Blueprint' of project 'platform' uses it"))
      #expect(shell.stderr.contains("or use --cascade"))
    }
  }
}
