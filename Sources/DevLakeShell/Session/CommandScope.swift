import DevLakeKit

/// What holds for one command, from its own words.
///
/// It comes with the session the command runs in and goes with it: nothing is set for a command and
/// set back after it.
struct CommandScope: Sendable {
  /// How long one request may take: `--timeout`.
  var timeout: Duration?
  /// Whether questions are answered with yes: `--yes` of the process or of the command.
  var answersYes = false
  /// How results are drawn that say nothing else: `--output` of a definition that is called; `nil`:
  /// as the session does.
  var format: OutputFormat?
  /// Whether tests of connections may be sent to a DevLake that is read-only: the command is `test`.
  var allowsTests = false
  /// Whether people are shown how long something took: on a terminal, but for what is repeated, as
  /// there every run would seem to differ.
  var showsTimes = false
  /// Whether someone reads what is told of writes that were cut off: completion tells nothing.
  var tellsOpenAttempts = true
}

/// What a command meets with that is told, or done, when it has ended.
final class CommandFindings {
  /// The plugins whose connections could not be listed.
  private(set) var gaps: [Session.Gap] = []
  /// The keys of env files that served, with the values; they are taken out of their files where the
  /// command succeeds.
  private(set) var servedKeys: [String: [String: Secret]] = [:]

  /// Notes a plugin whose connections are missing, once.
  func note(_ gap: Session.Gap) {
    if !gaps.contains(where: { $0.plugin == gap.plugin }) { gaps.append(gap) }
  }

  /// Notes a key that served.
  func note(_ key: String, inFileAt path: String, _ value: Secret) {
    servedKeys[path, default: [:]][key] = value
  }
}
