import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Named instances are added, shown and removed; no secret gets into the file.
struct InstancesTests {
  private func prepared(
    login: LoginDoor = .off,
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    let seed: JSONValue = [
      "apiKeys": [["name": "ci", "apiKey": "the-key-of-ci", "allowedPath": ".*"]]
    ]
    try await ShellFixture.with(seed: .json(seed), era: .september2026, login: login) { place in
      var place = place.with(["LAKE_KEY": "the-key-of-ci"])
      place.configurationFolder = place.folder.path
      try await body(place)
    }
  }

  @Test func `what has let us in is kept by its reference, and serves by its name`() async throws {
    try await prepared(login: .on) { place in
      let url = place.simulator.url
      let saved = await place.run(
        "connect \(url) --api-key env:LAKE_KEY --save prod --protected --color red; status"
      )
      #expect(saved.exitCode == .success, "\(saved.everything)")
      #expect(saved.stdout.contains("✅ Saved 'prod'"), "\(saved.stdout)")
      #expect(saved.stdout.contains("   protected\n"), "\(saved.stdout)")
      let file = try #require(place.folder.text("instances.yaml"))
      #expect(file.contains("apiKey: env:LAKE_KEY"), "\(file)")
      #expect(file.contains("protected: true") && file.contains("color: red"), "\(file)")
      #expect(!file.contains("the-key-of-ci"))
      var other = place
      other.variables["DEVLAKE_URL"] = nil
      let byName = await other.run("list", ["--instance", "prod"])
      #expect(byName.exitCode == .success, "\(byName.everything)")
      let typed = await other.type("connect prod", "exit")
      #expect(typed.exitCode == .success, "\(typed.everything)")
    }
  }

  @Test func `a key that does not let us in is not kept`() async throws {
    try await prepared(login: .on) { place in
      let place = place.with(["WRONG": "another-key"])
      let shell = await place.run("connect \(place.simulator.url) --api-key env:WRONG --save prod")
      #expect(shell.exitCode == .unreachable, "\(shell.everything)")
      #expect(place.folder.text("instances.yaml") == nil)
    }
  }

  @Test(
    arguments: [
      ("--api-key text:the-key-of-ci --save prod", "keeps no secret"),
      ("--api-key the-key-of-ci --save prod", "keeps no secret"),
      ("--api-key - --save prod", "keeps no secret"),
      ("--user ada --password s3cret --save prod", "keeps no secret"),
      ("--user ada --save prod", "--password"),
      ("--api-key env:LAKE_KEY --save all", "cannot be the name"),
      ("--api-key env:LAKE_KEY --save a/b", "cannot be the name"),
      ("--protected", "--save NAME"), ("--color red", "--save NAME"),
      ("--save prod --color mauve", "red, green"),
    ]
  )
  func `what cannot be kept is refused before anything is sent`(
    options: String,
    reason: String
  ) async throws {
    try await prepared { place in
      let shell = await place.run("connect \(place.simulator.url) \(options)")
      #expect([.usage, .unasked].contains(shell.exitCode), "\(shell.everything)")
      #expect(shell.stderr.contains(reason), "\(shell.stderr)")
      #expect(place.folder.text("instances.yaml") == nil)
      #expect(place.simulator.requests.isEmpty)
      #expect(!shell.everything.contains("the-key-of-ci") || options.contains("text:"))
    }
  }

  @Test func `a name that is taken is not given anew`() async throws {
    try await prepared { place in
      let text = "prod: {url: 'http://elsewhere:8080'}\n"
      try place.folder.write("instances.yaml", text)
      let shell = await place.run("connect \(place.simulator.url) --save prod")
      #expect(shell.exitCode != .success)
      #expect(shell.stderr.contains("there is an instance 'prod' already"), "\(shell.stderr)")
      #expect(place.folder.text("instances.yaml") == text)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `a dry run and a restricted shell keep nothing`() async throws {
    try await prepared { place in
      let dry = await place.run("connect \(place.simulator.url) --save prod --dry-run")
      #expect(dry.exitCode == .success, "\(dry.everything)")
      let shell = await place.run("connect \(place.simulator.url) --save prod", ["--restricted"])
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(place.folder.text("instances.yaml") == nil)
    }
  }

  @Test func `instances are shown with references, and no secret`() async throws {
    try await prepared { place in
      try place.folder.write(
        "instances.yaml",
        """
        prod: {url: "https://lake.example/api", apiKey: "cmd:vault get s3cret", protected: true}
        lab: {url: "http://lab:8080", user: ada, password: s3cret, readOnly: true, color: blue}
        """
      )
      let list = await place.run("instances")
      #expect(list.exitCode == .success, "\(list.everything)")
      for text in ["prod", "API key cmd:***", "protected", "lab", "user ada", "read-only", "blue"] {
        #expect(list.stdout.contains(text), "\(text): \(list.stdout)")
      }
      let show = await place.run("instances show lab --json")
      let record = try #require(try show.records().first)
      #expect(record["password"] as? String == "***")
      #expect(record["readOnly"] as? Bool == true)
      #expect(!(list.everything + show.everything).contains("s3cret"))
      let unknown = await place.run("instances show labb")
      #expect(unknown.exitCode == .usage)
      #expect(unknown.stderr.contains("did you mean 'lab'?"), "\(unknown.stderr)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `an instance is removed only after a yes`() async throws {
    try await prepared { place in
      let text = "prod: {url: 'http://a', protected: true}\nlab: {url: 'http://b'}\n"
      try place.folder.write("instances.yaml", text)
      let silent = await place.run("instances remove prod")
      #expect(silent.exitCode == .unasked)
      #expect(silent.stderr.contains("--yes"), "\(silent.stderr)")
      let no = await place.run("instances remove prod", answers: ["no"])
      #expect(no.exitCode == .unasked)
      #expect(no.questions == ["Remove 'prod', which is protected? (yes/no): "])
      let restricted = await place.run("instances remove prod --yes", ["--restricted"])
      #expect(restricted.exitCode == .usage)
      #expect(place.folder.text("instances.yaml") == text)
      let yes = await place.run("instances remove prod", answers: ["yes"])
      #expect(yes.exitCode == .success, "\(yes.everything)")
      #expect(place.folder.text("instances.yaml") == "lab: {url: 'http://b'}\n")
    }
  }

  @Test func `the log tells of a protected instance, and of what was refused`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.configurationFolder = place.folder.path
      let url = place.simulator.url
      try place.folder.write("instances.yaml", "prod: {url: '\(url)', protected: true}\n")
      _ = await place.run("update gitlab/1 --name one")
      _ = await place.run("update gitlab/1 --name one --on prod")
      _ = await place.run("update gitlab/1 --name two", ["--read-only", "--url", url])
      let records = try place.audit()
      #expect(records.map { $0["outcome"] as? String } == ["refused", "done", "refused"])
      #expect(
        records.map { $0["restriction"] as? String } == ["protected", "protected", "read-only"]
      )
      #expect(records.first?["command"] as? String == "update")
      let shown = await place.run("audit")
      #expect(shown.stdout.contains("'prod' is protected"), "\(shown.stdout)")
    }
  }
}
