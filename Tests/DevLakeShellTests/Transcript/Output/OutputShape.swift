import Testing

@testable import DevLakeShell

/// A command on the demo, its exit code, and the keys every record has.
struct OutputShape: Sendable, CustomTestStringConvertible {
  let command: String
  var exitCode = ExitCode.success
  let count: Int
  let keys: [String]

  var testDescription: String { command }

  private static let connection = ["plugin", "id", "name"]
  private static let change = connection + ["action", "changes"]
  private static let verdict = connection + ["verdict", "message", "hint", "elapsedMs"]

  static let all: [OutputShape] = [
    OutputShape(command: "list", count: 14, keys: connection),
    OutputShape(
      command: "list --plugin jira",
      count: 1,
      keys: connection + ["endpoint", "authMethod"]
    ),
    OutputShape(command: "list --plugin pagerduty --where 'id > 5'", count: 0, keys: []),
    OutputShape(
      command: "show github/1 jira/1",
      count: 2,
      keys: connection + ["endpoint", "createdAt"]
    ),
    OutputShape(command: "test github/1", count: 1, keys: verdict),
    OutputShape(command: "test all", exitCode: .partial, count: 14, keys: verdict),
    OutputShape(command: "test jenkins/2", exitCode: .failure, count: 1, keys: verdict),
    OutputShape(
      command: "create --plugin circleci --name new --token text:n3wOne",
      count: 1,
      keys: change + ["test"]
    ),
    OutputShape(
      command: "create --plugin circleci --name new --token text:BAD",
      exitCode: .failure,
      count: 1,
      keys: change + ["test", "message"]
    ),
    OutputShape(command: "update gitlab/1 --name other", count: 1, keys: change),
    OutputShape(command: "update gitlab/1 --name 'GitLab - my-group'", count: 1, keys: change),
    OutputShape(command: "rotate gitlab/1 --token text:n3wOne", count: 1, keys: change + ["test"]),
    OutputShape(command: "rotate gitlab/* --token text:n3wOne", count: 2, keys: change + ["test"]),
    OutputShape(
      command: "rotate gitlab/1 --token text:BAD",
      exitCode: .failure,
      count: 1,
      keys: change + ["test", "message"]
    ),
    OutputShape(command: "delete gitlab/2 --force", count: 1, keys: change + ["impact"]),
    OutputShape(
      command: "delete github/1 --force",
      exitCode: .failure,
      count: 1,
      keys: change + ["impact", "message"]
    ),
    OutputShape(
      command: "impact github/1",
      count: 1,
      keys: connection + [
        "deletable", "blockedBy", "blueprints", "projects", "scopes", "runningPipelines",
      ]
    ),
    OutputShape(command: "plugins", count: 27, keys: ["plugin"]),
  ]
}
