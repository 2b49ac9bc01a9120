import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What a file of `rotate --from` may look like, and what is said of one that does not.
struct RotationFileTests {
  @Test(arguments: [
    "gitlab,1,env:A",
    "plugin,id-or-name,REF\ngitlab,1,env:A\n",
    "\u{FEFF}Plugin, Name , Token\r\n\r\n  gitlab , 1 , env:A  \r\n",
    "# the team's\n\n\"gitlab\",\"1\",\"env:A\"\n   # more\n",
    "gitlab,\"gitlab team 1\",env:A",
    "gitlab,name:gitlab team 1,env:A",
    "gitlab,1,\"cmd:printf '%s' \"\"first,\"\"one\"",
  ])
  func `a file is read as RFC 4180 has it`(_ text: String) async throws {
    let many = ManyConnections(["gitlab": 1])
    try await ShellFixture.with(seed: many.seed) { place in
      try place.folder.write("f.csv", text)
      let shell = await place.with(["A": "first,one"]).run("rotate --from f.csv")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(place.stored("gitlab")["token"] == "first,one")
    }
  }

  @Test(arguments: [
    ("githbu,1,env:A", "1:1-6", "no plugin named 'githbu'"),
    ("gitlab,1", "1:1-8", "a line has 3 fields, not 2"),
    ("gitlab,1,cmd:a,b", "1:16", "a line has 3 fields, not 4"),
    ("gitlab,0,env:A", "1:8", "'0' is not a connection ID"),
    ("gitlab,,env:A", "1:8", "the connection is missing"),
    ("gitlab,1,", "1:1-9", "the reference to the new secret is missing"),
    ("gitlab,1,env:", "1:10-13", "nothing after 'env:'"),
    ("gitlab,1,\"env:A", "1:10", "this quote is not closed"),
    ("gitlab,1,\"env:A\"x", "1:17", "text after the closing quote"),
    ("gitlab,1,env:\"A\"", "1:14", "a quote inside a field"),
    ("plugin,token,id\ngitlab,1,env:A", "1:1-15", "these are not the columns"),
    ("gitlab,1,env:A\n\ngitlab,1,env:B", "3:8", "duplicate of line 1"),
  ])
  func `a mistake is shown at its place and nothing is sent`(
    _ text: String,
    _ place: String,
    _ message: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { fixture in
      try fixture.folder.write("f.csv", text)
      let shell = await fixture.run("rotate --from f.csv")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("f.csv:\(place): error: \(message)"), "\(shell.stderr)")
      // Whether a near name is a plugin of the server's is asked.
      #expect(fixture.simulator.requests.allSatisfy { ["/version", "/plugins"].contains($0.path) })
    }
  }

  @Test func `all mistakes are shown at once`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("f.csv", "githbu,1,env:A\ngitlab,1\ngitlab,x\"y,env:B\njira,1,env:C\n")
      let shell = await place.run("rotate --from f.csv")
      #expect(shell.exitCode == .usage)
      let places = shell.stderr.split(separator: "\n").filter { $0.hasPrefix("f.csv:") }
      #expect(places.map { $0.prefix(7) } == ["f.csv:1", "f.csv:2", "f.csv:3"])
    }
  }

  @Test func `connections and secrets that are not there are shown at once, before any write`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("f.csv", "gitlab,9,env:A\ngitlab,GitLab - miror,env:B\nnope,1,env:C\n")
      let unknown = await place.run("rotate --from f.csv")
      #expect(unknown.exitCode == .failure)
      for text in [
        "f.csv:1:8: error: no connection gitlab/9",
        "f.csv:2:8-21: error: no connection of gitlab is named", "did you mean 'GitLab - mirror'?",
        "f.csv:3:1-4: error: no plugin named 'nope'",
      ] { #expect(unknown.stderr.contains(text), "\(unknown.stderr)") }
      try place.folder.write("f.csv", "gitlab,1,env:UNSET\ngitlab,2,file:missing\n")
      let unset = await place.run("rotate --from f.csv")
      #expect(unset.exitCode == .usage)
      #expect(unset.stderr.contains("f.csv:1:10-18: error: environment variable 'UNSET'"))
      #expect(unset.stderr.contains("f.csv:2:10-21: error: no file"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `one connection by id and by name is one too many`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("f.csv", "gitlab,1,env:A\ngitlab,GitLab - my-group,env:A\n")
      let shell = await place.run("rotate --from f.csv")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("f.csv:2:8-24: error: duplicate of line 1"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: [
    "gitlab,1,\(secret)\ngithbu,1,\(secret)", "gitlab,\(secret)", "gitlab,1,x\"\(secret)",
    "gitlab,\(secret),1", "gitlab,1,\(secret),x", "gitlab,9,\(secret)", "github,1,ghp_\(secret)",
    "\(secret),gitlab,1", "gitlab;1;\(secret)", "gitlab\t1\t\(secret)", "gitlab,env:A  \(secret)",
    "plugin,id,\(secret)\ngitlab,1,env:A", "plugin,\(secret)", "\(secret)",
  ])
  func `a secret in the file is never shown`(_ text: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("f.csv", text)
      for options in ["", " --json", " --verbose"] {
        let shell = await place.run("rotate --from f.csv" + options)
        #expect(!shell.exitCode.isSuccess)
        #expect(!shell.everything.contains(Self.secret), "\(shell.everything)")
      }
    }
  }

  private static let secret = "Sekret7aB9"

  @Test func `a file with secrets that others can read is warned about`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("f.csv", "gitlab,1,text:fresh-one\n", mode: 0o644)
      let open = await place.run("rotate --from f.csv")
      #expect(open.exitCode == .success)
      #expect(open.stderr.contains("chmod 600 'f.csv'"))
      try place.folder.write("f.csv", "gitlab,1,env:A\n", mode: 0o644)
      let shut = await place.with(["A": "x-y"]).run("rotate --from f.csv")
      #expect(!shut.stderr.contains("chmod"))
    }
  }

  @Test(arguments: [
    "rotate gitlab/1 --from f.csv", "rotate --from f.csv --token env:A",
    "rotate --from f.csv --plugin gitlab", "rotate --from f.csv --where 'id > 1'",
    "rotate --from f.csv --replace 1", "rotate --from missing.csv", "rotate --from .",
  ])
  func `a file beside what else names connections is a mistake`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("f.csv", "gitlab,1,env:A\n")
      let shell = await place.run(command)
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [
    ("f.json", #"[{"plugin": "gitlab", "id": 1, "ref": "env:A", "expires": "2031-02-03"}]"#),
    (
      "f.yaml",
      "- plugin: gitlab\n  name: GitLab - my-group\n  ref: env:A\n  expires: 2031-02-03\n"
    ),
    ("f.yml", "connections:\n- {plugin: gitlab, id: 1, ref: env:A, expires: '2031-02-03'}\n"),
    ("f.csv", "plugin,id-or-name,REF,expires\ngitlab,1,env:A,2031-02-03\n"),
  ])
  func `JSON, YAML and CSV say the same, and when the secret ends`(
    _ name: String,
    _ text: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(name, text)
      let shell = await place.with(["A": "glpat-New4Token9aBcD"]).run("rotate --from \(name)")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(place.stored("gitlab")["token"] == "glpat-New4Token9aBcD")
      let row = try await place.run("show gitlab/1 --json").record()
      #expect(row["expires"] as? String == "2031-02-03")
    }
  }

  @Test(arguments: [
    ("f.json", #"{"plugin": "gitlab"}"#, "a list of records is wanted"),
    ("f.json", "[]", "lists no connection"),
    ("f.json", "[1]", "a record is wanted"),
    ("f.json", #"[{"plugin": "gitlab", "id": [1]}]"#, "'id' takes one text or number"),
    ("f.json", #"[{"plugin": "gitlab", "value": "Sekret7aB9"}]"#, "a rotation has no 'value'"),
    ("f.json", #"[{"plugin": "gitlab", "id": 1}]"#, "the reference to the new secret is"),
    ("f.json", #"[{"plugin": "gitlab", "id": 1, "ref": "Sekret7aB9"#, "no list of records"),
    ("f.yaml", "- {plugin: gitlab, id: 1, ref: env:A, expires: soon}", "'expires' must be a date"),
    ("f.csv", "gitlab,1,env:A,2031-02-30\n", "a line has 3 fields, not 4"),
    ("f.csv", "plugin,id,ref,expires\ngitlab,1,env:A,2031-02-30\n", "'expires' must be a date"),
    ("f.csv", "gitlab,1,env:A,2020-02-03\n", "'expires' 2020-02-03 is in the past"),
  ])
  func `a mistake in them is shown and nothing is sent`(
    _ name: String,
    _ text: String,
    _ message: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(name, text)
      let shell = await place.with(["A": "glpat-New4Token9aBcD"]).run("rotate --from \(name)")
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains("\(name):") || shell.stderr.contains("'\(name)'"))
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(!shell.everything.contains(Self.secret))
      #expect(place.writes.isEmpty)
    }
  }
}
