import DevLakeKit
import DevLakeSimulator
import Foundation
import Glibc
import Testing

@testable import DevLakeShell
@testable import LineEditing

/// What Tab offers, from the signatures and from what the session has seen.
@MainActor
struct CompleterTests {
  nonisolated private static let commands = [
    ("rot|", ["rotate |"]), ("li|", ["list |"]), ("tr|", ["try |"]), ("le|", ["let |"]),
    ("list && rot|", ["list && rotate |"]), ("list && tr|", []),
    ("if no|", ["if not |"]), ("if not tes|", ["if not test |"]),
    ("for c in $(li|", ["for c in $(list |"]), ("echo \"$(sho|", ["echo \"$(show |"]),
    ("if test 1 {\n  rot|", ["if test 1 {\n  rotate |"]),
    ("test 1 \\\n  --par|", ["test 1 \\\n  --parallel |"]),
    ("conf|", ["configure |"]), ("configure connection up|", ["configure connection update |"]),
    ("help langu|", ["help language |"]), ("help rot|", ["help rotate |"]),
    ("let x = 5 |", []), ("# li|", []), ("let na|", []),
  ]

  nonisolated private static let options = [
    ("list --wi|", ["list --wide |"]), ("list --wide --wi|", []),
    ("list --where a --wher|", ["list --where a --where |"]),
    ("list --output y|", ["list --output yaml |"]), ("list --output=y|", ["list --output=yaml |"]),
    ("list -o y|", ["list -o yaml |"]), ("set output y|", ["set output yaml |"]),
    ("set history o|", ["set history on |", "set history off |"]),
    ("list '--wi|", []),
  ]

  nonisolated private static let connections = [
    ("test jenkins/|", ["test jenkins/1 |", "test jenkins/2 |"]),
    ("test jenkins/1 jenkins/|", ["test jenkins/1 jenkins/2 |"]),
    (
      "test --plugin jenkins --id |",
      ["test --plugin jenkins --id 1 |", "test --plugin jenkins --id 2 |"]
    ),
    (
      "test --plugin=jenkins 1 |", ["test --plugin=jenkins 1 all |", "test --plugin=jenkins 1 2 |"]
    ),
    ("test Jenkins|", ["test 'Jenkins - ci' |", "test 'Jenkins - legacy' |"]),
    ("test \"Jenkins - l|", ["test \"Jenkins - legacy\" |"]),
    ("test 'Jenkins - l|", ["test 'Jenkins - legacy' |"]),
    ("use jen|", ["use jenkins |"]), ("use zent|", ["use zentao |"]),
    ("create --plugin zent|", ["create --plugin zentao |"]),
    ("create --plugin git|", ["gitee", "github", "gitlab"].map { "create --plugin \($0) |" }),
    ("list --plugin jen|", ["list --plugin jenkins |"]),
    // What an expansion will be is not known, so nothing is put in its place.
    ("test \"${c}Jen|", []),
  ]

  nonisolated private static let machine = [
    ("rotate 1 --token env:TEAM_T|", ["rotate 1 --token env:TEAM_TOKEN |"]),
    ("rotate 1 --token pro|", ["rotate 1 --token prompt |"]),
    ("rotate 1 --token file:not|", ["rotate 1 --token file:notes.txt |"]),
    ("include not|", ["include notes.txt |"]), ("include dee|", ["include deep/|"]),
    ("include deep/|", ["include deep/inner.lake |"]), ("list > not|", ["list > notes.txt |"]),
    ("include 'with b|", ["include 'with blank' |"]), ("include wi|", ["include 'with blank' |"]),
    ("include a|", ["include 'a folder/|"]), ("include 'a folder/|", ["include 'a folder/b c' |"]),
    ("rotate 1 --token file:a|", ["rotate 1 --token 'file:a folder/|"]),
    ("echo $tea|", ["echo $team|"]), ("echo \"of ${tea|", ["echo \"of ${team|"]),
    ("echo ${team.na|", ["echo ${team.name|"]), ("echo ${err|", ["echo ${error.|"]),
    ("echo ${error.co|", ["echo ${error.code|"]), ("echo ${env.TEAM_N|", ["echo ${env.TEAM_NAME|"]),
    ("unset te|", ["unset team |"]),
  ]

  /// What takes names of fields, programs of the system, and what the line before it says.
  nonisolated private static let words = [
    ("list --fields na|", ["list --fields name|"]),
    ("list --fields id,na|", ["list --fields id,name|"]),
    ("list --fields id,i|", ["list --fields id,installationId|"]),
    ("list --where 'endp|", ["list --where 'endpoint |"]),
    ("list --where 'name ~ a and rateL|", ["list --where 'name ~ a and rateLimitPerHour |"]),
    ("list --where 'name na|", []),
    ("update gitlab/1 --clear prox|", ["update gitlab/1 --clear proxy |"]),
    (
      "create --plugin github --enable-graphql tr|",
      ["create --plugin github --enable-graphql true |"]
    ),
    (
      "create --plugin github --enable-graphql 'tr|",
      ["create --plugin github --enable-graphql 'true' |"]
    ),
    ("list | lake-gre|", ["list | lake-grep |"]), ("!cat not|", ["!cat notes.txt |"]),
    ("list | lake-grep not|", ["list | lake-grep notes.txt |"]), ("!lake-g|", ["!lake-grep |"]),
    ("list | sort | lake-g|", ["list | sort | lake-grep |"]), ("list | |", []),
    (
      "use jenkins; test |",
      ["use jenkins; test all |", "use jenkins; test 1 |", "use jenkins; test 2 |"]
    ),
    ("plan ~/not|", ["plan ~/notes.txt |"]),
    ("rotate 1 --token file:~/not|", ["rotate 1 --token file:~/notes.txt |"]),
    ("list > ~|", ["list > ~/|"]), ("echo ${one.na|", ["echo ${one.name|"]),
    ("let --secret t = env:TEAM_T|", ["let --secret t = env:TEAM_TOKEN |"]),
    ("ls --wi|", ["ls --wide |"]), ("help keyb|", ["help keyboard |"]),
  ]

  @Test(arguments: commands + options + connections + machine + words)
  func `Tab offers what may stand there`(line: String, offers: [String]) async throws {
    try await CompletionFixture.with { fixture in
      for name in ["deep", "a folder"] {
        try FileManager.default.createDirectory(
          atPath: fixture.place.folder.path(name),
          withIntermediateDirectories: false
        )
      }
      for name in ["notes.txt", "with blank", "deep/inner.lake", "a folder/b c"] {
        try fixture.place.folder.write(name, "")
      }
      try fixture.place.folder.write("lake-grep", "#!/bin/sh\n")
      chmod(fixture.place.folder.path("lake-grep"), 0o700)
      fixture.session.set("team", .data(["name": "platform"]))
      fixture.session.set("one", .data([["name": "platform"]]))
      #expect(fixture.completed(line) == offers)
    }
  }

  @Test func `the selected plugin's ids come with their names`() async throws {
    try await CompletionFixture.with { fixture in
      fixture.session.select(fixture.session.plugin("github"))
      let answer = fixture.completer.answer("test ", cursor: 5)
      #expect(answer.candidates.map(\.text) == ["all", "1", "2"])
      #expect(
        answer.candidates.map(\.description)[1...] == ["GitHub - my-org", "GitHub - my-org-labs"]
      )
    }
  }

  @Test(
    arguments: [
      ("connect prod-|", ["connect prod-1 |", "connect prod-2 |"]),
      ("diff la|", ["diff lab |"]), ("diff lab prod-1|", ["diff lab prod-1 |"]),
      ("instances show la|", ["instances show lab |"]),
      (
        "instances remove lab prod-|",
        ["instances remove lab prod-1 |", "instances remove lab prod-2 |"]
      ),
      ("list --instances la|", ["list --instances lab |"]),
      ("list --instances al|", ["list --instances all |"]),
      (
        "list --instances lab,prod-|",
        ["list --instances lab,prod-1 |", "list --instances lab,prod-2 |"]
      ),
      ("list --instances lab,la|", []),
      ("audit --instances prod-1,la|", ["audit --instances prod-1,lab |"]),
      ("delete 1 --on la|", ["delete 1 --on lab |"]),
    ]
  )
  func `Tab knows the names of instances`(line: String, offers: [String]) async throws {
    // Not connected: a session reads the file once.
    try await CompletionFixture.with(isConnected: false) { fixture in
      try fixture.place.folder.write(
        "instances.yaml",
        "lab: {url: 'http://lab:1'}\nprod-1: {url: 'http://p:1'}\nprod-2: {url: 'http://p:2'}\n"
      )
      #expect(fixture.completed(line) == offers)
      let door = CompletionDoor(session: fixture.session, registry: .standard)
      #expect(await door.lines(for: ["--instance", "la"]) == ["lab\thttp://lab:1"])
    }
  }

  @Test func `Tab knows the API keys, and begins none that would be deleted`() async throws {
    let seed: JSONValue = [
      "apiKeys": [
        ["name": "ci", "allowedPath": ".*"], ["name": "ci of a", "allowedPath": "/a"],
        ["name": "2", "allowedPath": "/b"],
      ]
    ]
    try await CompletionFixture.with(seed: .json(seed)) { fixture in
      @MainActor func offered(_ line: String) -> [String] {
        fixture.completer.answer(line, cursor: line.utf8.count).candidates.map(\.text)
      }
      #expect(offered("keys rotate ") == [])
      let refresher = CacheRefresher()
      let end = ContinuousClock.now + .seconds(20)
      while fixture.session.inventory.keys == nil {
        try #require(ContinuousClock.now < end, "the keys never came")
        refresher.refreshKeys(fixture.session)
        try await Task.sleep(for: .milliseconds(5))
      }
      // A name that is the number of another key means both.
      #expect(offered("keys rotate ") == ["ci", "'ci of a'", "3"])
      #expect(offered("keys rotate ci") == ["ci", "'ci of a'"])
      #expect(offered("keys delete ci c") == ["'ci of a'"])
      #expect(offered("keys create c") == [])
      let begun = fixture.completer.answer("keys delete ", cursor: 12).candidates
      let areListed = begun.allSatisfy(\.isOnlyListed)
      #expect(areListed && begun.count == 3)
      // Another one is made: what was seen is forgotten.
      fixture.session.inventory.dropKeys()
      #expect(offered("keys rotate ") == [])
    }
  }

  @Test func `'all' is shown and never typed, and of what destroys nothing is begun`() async throws
  {
    try await CompletionFixture.with { fixture in
      @MainActor func typed(_ line: String) -> [String] {
        fixture.completer.answer(line, cursor: line.utf8.count).candidates
          .filter { !$0.isOnlyListed }.map(\.text)
      }
      for command in ["delete", "rotate", "update", "show", "impact", "test"] {
        #expect(!typed("\(command) ").contains("all"))
        #expect(!typed("\(command) al").contains("all"))
        #expect(!typed("\(command) all").contains("all"))
      }
      #expect(typed("delete ").isEmpty)
      #expect(typed("delete jenkins/2") == ["jenkins/2"])
      #expect(
        typed("delete jenkins/2 --") == typed("delete jenkins/2 --").filter { $0 != "--force" }
      )
      #expect(typed("delete jenkins/2 --fo") == ["--force"])
      #expect(!typed("apply x.yaml --").contains("--yes"))
    }
  }

  @Test func `while it is not known what there is, that is said and nothing proposed`() async throws
  {
    try await CompletionFixture.with(isConnected: false) { fixture in
      for command in ["delete ", "rotate ", "update ", "show ", "impact ", "test ", "delete a"] {
        let answer = fixture.completer.answer(command, cursor: command.utf8.count)
        #expect(answer.candidates.isEmpty, "\(command)")
        #expect(answer.note.contains("asking DevLake"), "\(command)")
      }
    }
  }

  @Test func `without a DevLake there are still commands, options and plugins`() async throws {
    try await CompletionFixture.with(isConnected: false) { fixture in
      #expect(fixture.completed("rot|") == ["rotate |"])
      #expect(fixture.completed("list --wi|") == ["list --wide |"])
      #expect(fixture.completed("use githu|") == ["use github |"])
      #expect(fixture.completed("test github/|") == [])
    }
  }

  @Test func `what another shell is given is not quoted and holds the whole word`() async throws {
    try await CompletionFixture.with { fixture in
      let door = CompletionDoor(session: fixture.session, registry: .standard)
      let cases: [([String], [String])] = [
        (["rot"], ["rotate\tReplace the secret of connections: test, save, test again"]),
        (["test", "Jenkins - l"], ["Jenkins - legacy\tjenkins/2"]),
        (["list", "--output=ya"], ["--output=yaml"]),
        (["list", "-o", "ya"], ["yaml"]),
        (["--output", "ya"], ["yaml"]),
        (
          ["--json", "list", "--wi"],
          [
            "--wide\tendpoint, authentication, proxy, rate limit, age, age and end of the secret too"
          ]
        ),
        (["rotate", "1", "--token", "env:TEAM_T"], ["env:TEAM_TOKEN"]),
        (["configure", "connection", "upd"], ["update"]), (["no-command", ""], []),
        // Words are texts, whatever they would be in the language.
        (["test", "$(list)", "jenkins/2"], ["jenkins/2\tJenkins - legacy"]),
      ]
      for (words, lines) in cases { #expect(await door.lines(for: words) == lines, "\(words)") }
    }
  }

  @Test(
    arguments: [
      (["show", "jenkins/"], ["jenkins"]),
      (["rotate", "--plugin", "github", ""], ["github"]),
      (["list", "--wi"], []),
      (["rot"], []),
      (["rotate", "1", "--token", "env:TEAM_T"], []),
    ]
  )
  func `another shell's completion asks for what the word is about alone`(
    words: [String],
    plugins: [String]
  ) async throws {
    try await CompletionFixture.with(isConnected: false) { fixture in
      // Here a busy machine may take its time.
      let door = CompletionDoor(
        patience: .seconds(20),
        session: fixture.session,
        registry: .standard
      )
      let lines = await door.lines(for: words)
      #expect(!lines.isEmpty, "\(words)")
      let lists = fixture.place.simulator.requests.map(\.path).filter {
        $0.contains("/connections")
      }
      #expect(lists == plugins.map { "/plugins/\($0)/connections" }, "\(words)")
      #expect(plugins.isEmpty == fixture.place.simulator.requests.isEmpty, "\(words)")
    }
  }
}
