@testable import DevLakeShell

/// Every command that asks DevLake, and everything that can go wrong with an answer.
enum FaultMatrix {
  /// A command as it is typed, and what it would change.
  struct Job: Sendable, CustomStringConvertible {
    let line: String
    /// Whether it is about the DevLake as a whole: it shows what it can get.
    var isOverview = false
    /// Whether it changes something.
    var writes = false
    /// Whether it shows whatever comes with a status of success.
    var takesAnything = false

    var description: String { line }
    var command: String { String(line.prefix { $0 != " " }) }
  }

  /// Which requests meet the fault.
  enum Reach: CaseIterable, Sendable {
    /// All of them.
    case everything
    /// All but those by which DevLake is found.
    case afterDiscovery
    /// Those that may change something.
    case writes

    func rules(_ fault: String) -> [String] {
      switch self {
      case .everything: ["*=\(fault)"]
      case .afterDiscovery: ["/plugins/**", "/blueprints", "/pipelines"].map { "\($0)=\(fault)" }
      case .writes:
        ["POST /plugins/*/connections", "PATCH /**", "DELETE /**"].map { "\($0)=\(fault)" }
      }
    }
  }

  static let jobs = [
    Job(line: "connect", isOverview: true),
    Job(line: "watch --count 2 1 show gitlab/1"),
    Job(line: "status", isOverview: true),
    Job(line: "plugins", isOverview: true),
    Job(line: "refresh", isOverview: true),
    Job(line: "doctor gitlab/1"),
    Job(line: "list"),
    Job(line: "list --plugin gitlab"),
    Job(line: "show gitlab/1"),
    Job(line: "show 'GitLab - mirror'"),
    Job(line: "test gitlab/1"),
    Job(line: "test all"),
    Job(line: "impact github/1"),
    Job(line: "export"),
    Job(line: "plan wanted.yaml"),
    Job(line: "apply wanted.yaml --yes", writes: true),
    Job(line: "api /plugins/gitlab/connections/1", takesAnything: true),
    Job(line: "create --plugin circleci --name new --token text:fresh", writes: true),
    Job(line: "create --plugin circleci --name new --token text:fresh --no-test", writes: true),
    Job(line: "update gitlab/1 --name renamed", writes: true),
    Job(line: "update github/1 --rate-limit 77", writes: true),
    Job(line: "rotate gitlab/1 --token text:fresh", writes: true),
    Job(line: "rotate github/1 --token \(Tokens.newGitHub)", writes: true),
    Job(line: "rotate gitlab/* --token text:fresh", writes: true),
    Job(line: "delete gitlab/2 --force", writes: true),
  ]

  /// What `plan` and `apply` want.
  static let wanted = """
    version: 1
    connections:
      - {plugin: circleci, name: CircleCI - my-org}
      - {plugin: circleci, name: new, token: 'text:fresh'}
    """

  /// Commands that never ask DevLake, with what they need to run.
  static let local = [
    "use gitlab", "use", "echo line", "set parallel 3", "set", "let x = 1; unset x", "history",
    "help", "help rotate", "audit", "instances", "include other.lake", "exit 0", "quit",
    "for x in 1 {; break; }", "for x in 1 {; continue; }", "def f {; return a; }; f", "sleep 0",
    "clear", "read other.lake", "parse '[1]' --as json",
  ]

  /// Commands whose faults have tests of their own, as they ask more than one DevLake or a person, or
  /// need a change before.
  static let elsewhere: Set<String> = ["diff", "mcp", "keys", "edit", "undo"]

  /// What says that DevLake as a whole is out of reach.
  static let aboutServer = [
    "status:401", "status:403", "migrating", "html", "redirect301", "empty500list",
  ]

  /// What is wrong with one answer.
  static let aboutAnswer =
    [
      "close", "reset", "status:404", "status:409", "retryafter:3", "status:500",
      "status:500:", "status:502", "garbage", "notutf8", "deep", "status:204", "status:200:{}",
      "status:200:null", "status:200:\"x\"",
    ] + stride(from: 0, through: 100, by: 10).map { "cut:\($0)" }

  static let faults = aboutServer + aboutAnswer + ["hang"]

  /// Whether the matrix has that cell: where an answer breaks off matters once for each kind of job.
  static func meets(_ job: Job, _ fault: String, _ reach: Reach) -> Bool {
    guard reach != .writes || job.writes else { return false }
    return !fault.hasPrefix("cut:") || jobs.first { $0.command == job.command }?.line == job.line
  }
}
