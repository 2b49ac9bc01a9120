import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A line of standard input, without its end.
enum InputLine: Sendable {
  case line([UInt8])
  /// It is longer than anyone would write; nothing after it is read.
  case tooLong
  case end
}

/// What a session knows of the process it runs in; tests make their own.
struct World: Sendable {
  var environment: [String: String]
  var workingDirectory: String
  /// `$XDG_CONFIG_HOME/devlake-shell`; `nil` without a home.
  var configurationFolder: String?
  /// `$XDG_STATE_HOME/devlake-shell`; `nil` without a home.
  var stateFolder: String?
  /// Makes the transport for a server.
  var transport: @Sendable (TransportOptions) -> any HTTPTransport
  /// Knows every secret in use; the console has the same one.
  var redactor = Redactor()
  /// Reads standard input for `-`; `nil` where it carries commands.
  var readStandardInput: SecretSources.Reader?
  /// Hands over standard input line by line, as it comes, and then its end; `nil` where it carries
  /// commands.
  var readLines: (@Sendable (@escaping @Sendable (InputLine) -> Void) -> Void)?
  /// The addresses tried when nothing names a DevLake.
  var probesLocalAddresses = true
  /// Whether the arguments can be seen by others in `ps`: a secret in them is warned about.
  var hasVisibleArguments = false
  /// The rows of the screen results are shown on; `nil` where they cannot be paged, because nobody
  /// could turn the page.
  var screenRows: (@Sendable () -> Int?)?
  /// The cells of a row of the terminal results are shown on, as wide as it is now; `nil`: there
  /// is none.
  var screenColumns: (@Sendable () -> Int?)?
  /// Seconds since 1970.
  var now: @Sendable () -> Int = { time(nil) }
  /// Waits that long; throws when the task is cancelled in the meantime.
  var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  /// Who runs the shell, as the system knows them.
  var userName: String?
  /// The number of the process.
  var processID = getpid()
  /// Whether results go to a terminal: times are shown there only.
  var resultsAreOnTerminal = false
}

extension World {
  /// `path` as it is meant: from `~` or the working directory, if it does not begin with `/`.
  func path(_ path: String) -> String {
    SecretSources(environment: environment, workingDirectory: workingDirectory).path(path)
  }
}
