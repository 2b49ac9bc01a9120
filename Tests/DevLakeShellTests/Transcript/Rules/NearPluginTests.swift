import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Did-you-mean is for names nobody has: a plugin of the server's is one, whatever it resembles.
struct NearPluginTests {
  private func with(_ body: (ShellFixture) async throws -> Void) async throws {
    let seed: JSONValue = [
      "connections": [
        [
          "plugin": "gitee", "id": 1, "name": "one", "endpoint": "https://x.example.com/",
          "token": "old-secret-0123456789",
        ]
      ]
    ]
    try await ShellFixture.with(seed: .json(seed)) { place in
      var place = place
      let plain = place.transport
      place.transport = { options in
        RenamedPlugin(behind: plain(options), name: "gitlabs", original: "gitee")
      }
      try await body(place.with(["NEW": "new-secret-0123456789"]))
    }
  }

  @Test(arguments: [
    "list --plugin gitlabs", "use gitlabs; test all", "show gitlabs/1", "test gitlabs/one",
    "rotate gitlabs/1 --token env:NEW", "update gitlabs/1 --proxy http://p:1",
    "let p = gitlabs; list --plugin $p", "let p = gitlabs/1; show $p", "impact gitlabs/1",
    "create --plugin gitlabs --name two --endpoint https://x.example.com/ --token env:NEW",
    "create --plugin gitlabs --name two --endpoint https://x.example.com/ --field token=env:NEW",
    "update gitlabs/1 --field proxy=http://p:1", "list --where 'plugin == gitlabs'",
    "configure connection list --plugin gitlabs", "test --plugin gitlabs", "test gitlabs",
    "list 'gitlabs/on*'", "test gitlabs/1-3", "rotate --plugin gitlabs --id 1 --token env:NEW",
    "plugins gitlabs", "if test gitlabs/1 { list --plugin gitlabs }",
    "for c in $(list --plugin gitlabs) { test $c }",
    "export gitlabs/1", "doctor gitlabs/1", "rotate --from r.csv", "create --from c.csv",
    "plan c.yaml", "apply c.yaml --yes", "delete gitlabs/1 --force",
  ])
  func `its connections are taken by every command`(_ line: String) async throws {
    try await with { place in
      try place.folder.write("r.csv", "gitlabs,1,env:NEW\n")
      try place.folder.write(
        "c.csv",
        "plugin,name,endpoint,token\ngitlabs,two,https://x.example.com/,env:NEW\n"
      )
      try place.folder.write(
        "c.yaml",
        "version: 1\nconnections:\n- {plugin: gitlabs, name: one, "
          + "endpoint: 'https://x.example.com/', token: 'env:NEW'}"
      )
      let shell = await place.run(line)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(!shell.stderr.contains("did you mean"), "\(shell.stderr)")
    }
  }

  @Test func `at the prompt, too`() async throws {
    try await with { place in
      let shell = await place.type("show gitlabs/1", "list --plugin gitlbs")
      #expect(shell.stdout.contains("gitlabs"), "\(shell.everything)")
      // Of both the nearest is meant.
      #expect(shell.stderr.contains("did you mean 'gitlabs'?"), "\(shell.everything)")
    }
  }

  @Test func `where nobody can be asked, the check leaves it to the run`() async throws {
    try await with { direct in
      let place = direct.with(["DEVLAKE_URL": "http://127.0.0.1:9"])
      let checked = await place.run("list --plugin gitlabs", ["--check"])
      #expect(checked.exitCode == .success, "\(checked.everything)")
      #expect(checked.stderr.contains("warning: the catalog has no plugin named 'gitlabs'"))
      let there = await direct.run("list --plugin gitlabs", ["--check"])
      #expect(there.exitCode == .success, "\(there.everything)")
      #expect(there.stderr.isEmpty, "\(there.stderr)")
      // The DevLake that is meant is the other one.
      let connected = await place.run(
        "connect \(direct.simulator.url); list --plugin gitlabs; "
          + "list --plugin gitlabs --url \(direct.simulator.url)"
      )
      #expect(connected.exitCode == .success, "\(connected.everything)")
    }
  }
}
