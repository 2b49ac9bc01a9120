import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a secret shows nowhere, through every command that could have one and every way it can fail.
struct CanarySweepTests {
  private static let canary = "glpat-Canary/Canary+Canary4242"
  private static let stored = "glpat-StoredStoredStored4242"

  /// A line, and what says that its secret has really been at work.
  struct Job: Sendable, CustomTestStringConvertible {
    let line: String
    /// What a person answers.
    var answers: [ScriptedConversation.Answer]?
    /// The plugin of a connection that has the secret afterwards.
    var sets: String?
    /// Whether it sends the secret, so that DevLake could quote it.
    var sends = true
    var testDescription: String { line }
  }

  static let jobs = [
    Job(line: "api POST /plugins/gitlab/connections '\(body)'", sets: "gitlab"),
    Job(line: "api PATCH /plugins/gitlab/connections/1 @in.json", sets: "gitlab"),
    Job(
      line: "api POST /plugins/gitlab/connections/1/test '{}' --secret token=env:CANARY"
    ),
    Job(
      line: "api PATCH /plugins/gitlab/connections/1 '{}' --secret token=file:in.secret",
      sets: "gitlab"
    ),
    Job(line: "apply in.text.yaml --yes", sets: "circleci"),
    Job(line: "apply in.env.yaml --yes --json", sets: "circleci"),
    Job(line: "apply in.file.yaml --yes", sets: "circleci"),
    Job(line: "apply in.cmd.yaml --yes", sets: "circleci"),
    Job(line: "apply in.text.yaml --yes --secrets always --prune", sets: "circleci"),
    Job(line: "apply in.text.yaml --dry-run"),
    Job(line: "plan in.text.yaml"), Job(line: "plan in.text.yaml --json --exit-code"),
    Job(line: "apply in.broken.yaml --yes"), Job(line: "plan in.cut.yaml"),
    Job(line: "rotate --from in.csv", sets: "gitlab"),
    Job(line: "rotate --from in.csv --dry-run"), Job(line: "rotate --from in.broken.csv"),
    Job(line: "rotate gitlab/* --token env:CANARY", sets: "gitlab"),
    Job(line: "rotate gitlab/1 --token 'cmd:cat in.secret'", sets: "gitlab"),
    Job(line: "rotate gitlab/1 --token 'cmd:cat in.secret; exit 3'"),
    Job(line: "rotate gitlab/1 --token 'cmd:echo one; echo \(canary)'"),
    Job(line: "rotate gitlab/1", answers: [.text(canary)], sets: "gitlab"),
    Job(line: "rotate gitlab/1 --env-file in.env --token prompt", answers: [.text(canary)]),
    Job(line: "update gitlab/1 --token file:in.secret", sets: "gitlab"),
    Job(
      line: "create --plugin circleci --name n --env-file in.env --skip-cleanup",
      sets: "circleci"
    ),
    Job(line: "create --plugin circleci --name n --no-test --token \(canary)", sets: "circleci"),
    Job(
      line: "create",
      answers: ["circleci", "", "1", "", "", .text(canary), ""],
      sets: "circleci"
    ),
    Job(line: "include in.lake", sets: "gitlab"), Job(line: "include in.wrong.lake"),
    Job(
      line: "let --secret t = env:CANARY; rotate gitlab/1 --token $t; set; history; audit",
      sets: "gitlab"
    ),
    Job(line: "let --secret t = env:CANARY; echo $t"),
    Job(line: "let --secret t = env:CANARY; echo \"a ${t}\""),
    Job(line: "let --secret t = env:CANARY; show $t"),
    Job(line: "let --secret t = env:CANARY; create --plugin circleci --name $t --token $t"),
    Job(line: "try { rotate gitlab/1 --token env:CANARY } else { echo ${error.message} }"),
    Job(line: "for c in $(list --plugin gitlab) { rotate $c --token env:CANARY }", sets: "gitlab"),
    Job(line: "let r = $(rotate gitlab/1 --token env:CANARY); echo $r", sets: "gitlab"),
    Job(line: "rotate gitlab/1 --token env:CANARY > out; update gitlab/2 --token env:CANARY | cat"),
    Job(line: "doctor --json", sends: false), Job(line: "doctor gitlab/1", sends: false),
    Job(line: "export", sends: false), Job(line: "watch --count 2 1 show gitlab/1", sends: false),
    Job(line: "show all --json", sends: false), Job(line: "test all", sends: false),
    Job(line: "api /plugins/github/connections", sends: false),
  ]

  private static let body = #"{"name":"n","endpoint":"https://g/","token":"\#(canary)"}"#

  /// What answers with the secret it was sent.
  private static let echo = #"{"success":false,"message":"cannot use '\#(canary)' here"}"#

  static let troubles: [[String]] = [
    [], ["PATCH /**=status:500:\(echo)", "POST /**/connections=status:500:\(echo)"],
    ["POST /**/test=status:400:\(echo)"], ["POST /**/connections/*/test#2+=status:400:\(echo)"],
    ["POST /**=status:200:\(echo)"], ["PATCH /**=status:200:\"\(canary)\""],
    ["PATCH /**=lost", "POST /**/connections=lost"], ["*=cut:20"],
    ["GET /plugins/**=garbage"], ["POST /**=status:401", "PATCH /**=status:403"],
  ]

  @Test(arguments: jobs)
  func `no stream, no question and no file has a secret`(_ job: Job) async throws {
    for (index, faults) in Self.troubles.enumerated() {
      if !job.sends, faults.contains(where: { $0.contains(Self.canary) }) { continue }
      try await ShellFixture.with(seed: .json(["connections": Self.connections]), faults: faults) {
        place in
        try prepare(place)
        let place = place.with(["CANARY": Self.canary])
        let options = index.isMultiple(of: 2) ? ["--verbose"] : ["--verbose", "--json"]
        let shell = await place.run(job.line, options, answers: job.answers)
        for part in ["Canary", "StoredStored"] {
          #expect(!shell.everything.contains(part), "\(faults): \(shell.everything)")
        }
        try expectNoFile(place)
        if faults.isEmpty, let plugin = job.sets {
          let secrets = place.simulator.connections(plugin).map { $0["token"]?.string }
          #expect(secrets.contains(Self.canary), "\(shell.everything)")
        }
      }
    }
  }

  private static let connections: JSONValue = [
    ["plugin": "gitlab", "name": "a", "endpoint": "https://g/", "token": .string(stored)],
    ["plugin": "gitlab", "name": "b", "endpoint": "https://g/", "token": .string(stored)],
    ["plugin": "circleci", "name": "c", "token": .string(stored)],
    [
      "plugin": "github", "name": "g", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(Tokens.github), "refreshToken": .string(stored),
      "proxy": .string("http://u:\(stored)@proxy:3128"),
    ],
  ]

  private func prepare(_ place: ShellFixture) throws {
    try place.folder.write("in.secret", Self.canary + "\n")
    try place.folder.write("in.json", #"{"token":"\#(Self.canary)"}"#)
    try place.folder.write("in.env", "CIRCLECI_TOKEN=\(Self.canary)\n")
    for (name, reference) in [
      ("text", "text:\(Self.canary)"), ("env", "env:CANARY"), ("file", "file:in.secret"),
      ("cmd", "cmd:cat in.secret"),
    ] {
      let line = "version: 1\nconnections:\n- {plugin: circleci, name: n, token: '\(reference)'}\n"
      try place.folder.write("in.\(name).yaml", line)
    }
    try place.folder.write(
      "in.broken.yaml",
      """
      version: 1
      connections:
      - {plugin: circleci, name: '', tokn: x, token: '\(Self.canary)', rateLimitPerHour: x}
      - {plugin: gitlab, name: [a], proxy: 'ftp://u:\(Self.canary)@p', token: \(Self.canary)}
      """
    )
    try place.folder.write("in.cut.yaml", "version: 1\nconnections: [{token: \(Self.canary)\n: x")
    try place.folder.write("in.csv", "gitlab,1,env:CANARY\ngitlab,2,\(Self.canary)\n")
    try place.folder.write("in.broken.csv", "gitlab,1,\(Self.canary)\ngitlab,9,\"\(Self.canary)\n")
    try place.folder.write("in.lake", "rotate gitlab/1 --token \(Self.canary)\n")
    try place.folder.write("in.wrong.lake", "rotate gitlab/1 --token \(Self.canary) --bogus\n")
  }

  private func expectNoFile(_ place: ShellFixture) throws {
    for name in ["state/devlake-shell/audit.ndjson", ".devlake-local.json", "out"] {
      #expect(place.folder.text(name)?.contains("Canary") != true, "\(name)")
      #expect(place.folder.text(name)?.contains("StoredStored") != true, "\(name)")
    }
  }
}
