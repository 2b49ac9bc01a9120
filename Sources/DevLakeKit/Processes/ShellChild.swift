import Glibc

/// A command for `/bin/sh`, and how it is started: every child of the shell is, in this one place.
///
/// It reads `/dev/null` unless told, and finds no signal blocked or ignored, as it would at a prompt.
package struct ShellChild {
  /// The processes it is one of.
  package enum Group: Sendable {
    /// Ours: on a terminal it is in the foreground.
    case ours
    /// A group of its own, so that a signal reaches all of it.
    case own
    /// A session of its own, without the terminal: what asks fails at once instead of being stopped.
    case session
  }

  /// What the shell is to run.
  package let command: String
  /// All of its variables.
  package let environment: [String: String]
  /// Where it runs; `nil`: where we do.
  package var folder: String?
  package var group = Group.own
  /// The descriptor it reads; `nil`: `/dev/null`.
  package var input: Int32?
  /// The descriptor it writes to; `nil`: where we write.
  package var output: Int32?

  package init(command: String, environment: [String: String]) {
    self.command = command
    self.environment = environment
  }

  /// Starts it; `id` is its number then.
  ///
  /// What ends this process ends it too, until ``ChildSignals`` is told to forget it.
  ///
  /// - Returns: 0, or why it could not be started as `errno` has it.
  package func start(_ id: inout Int32) -> Int32 {
    ChildDescriptors.withhold()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    let words =
      folder.map { ["/bin/sh", "-c", Self.move, $0, command] } ?? ["/bin/sh", "-c", command]
    let arguments = words.map { strdup($0) as UnsafeMutablePointer<CChar>? }
    let variables = environment.map { strdup("\($0)=\($1)") as UnsafeMutablePointer<CChar>? }
    defer { for copy in arguments + variables { free(copy) } }
    ChildSignals.starts()
    let code = posix_spawn(
      &id,
      "/bin/sh",
      &actions,
      &attributes,
      arguments + [nil],
      variables + [nil]
    )
    ChildSignals.started(code == 0 ? group == .ours ? id : -id : nil)
    return code
  }

  private var flags: Int32 {
    let kin: Int32 =
      switch group {
      case .ours: 0
      case .own: Int32(POSIX_SPAWN_SETPGROUP)
      case .session: Self.newSession
      }
    return kin | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
  }

  /// Moves to the folder and becomes the command: `posix_spawn` has no portable way to do it.
  private static let move = #"cd -- "$0" && exec /bin/sh -c -- "$1""#

  /// `POSIX_SPAWN_SETSID` of `<spawn.h>`, which Glibc's module shows to GNU sources only.
  private static let newSession: Int32 = 0x80
}
