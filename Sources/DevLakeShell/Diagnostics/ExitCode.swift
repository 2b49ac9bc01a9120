/// What a command, and in the end the process, tells its caller.
struct ExitCode: RawRepresentable, Sendable, Hashable {
  var rawValue: Int32

  init(rawValue: Int32) { self.rawValue = rawValue }

  /// All done.
  static let success = ExitCode(rawValue: 0)
  /// A command failed: DevLake refused, or a test failed.
  static let failure = ExitCode(rawValue: 1)
  /// Usage or syntax; nothing was run.
  static let usage = ExitCode(rawValue: 2)
  /// DevLake is not found, not reachable, not ready, or does not let the caller in.
  static let unreachable = ExitCode(rawValue: 3)
  /// Some of many failed.
  static let partial = ExitCode(rawValue: 4)
  /// Refused for safety: a question that could not be asked.
  static let unasked = ExitCode(rawValue: 5)
  /// `plan --exit-code` found something to change.
  static let differences = ExitCode(rawValue: 6)
  static let timeout = ExitCode(rawValue: 124)
  static let interrupted = ExitCode(rawValue: 130)
  /// The reader of standard output left.
  static let readerLeft = ExitCode(rawValue: 141)
  static let terminated = ExitCode(rawValue: 143)

  var isSuccess: Bool { self == .success }

  /// The codes and their meanings, in the order `--help` shows them.
  static let table: [(code: ExitCode, meaning: String)] = [
    (.success, "all done"),
    (.failure, "a command failed (DevLake refused, or a test failed)"),
    (.usage, "usage or syntax error; nothing was run"),
    (.unreachable, "DevLake not found, not reachable, not ready or not authorized"),
    (.partial, "some of several failed (bulk, --keep-going)"),
    (.unasked, "refused for safety (a question could not be asked)"),
    (.differences, "there are differences ('plan --exit-code')"),
    (.timeout, "timeout"),
    (.interrupted, "Ctrl-C"),
    (.readerLeft, "the reader of standard output closed it"),
    (.terminated, "SIGTERM"),
  ]
}
