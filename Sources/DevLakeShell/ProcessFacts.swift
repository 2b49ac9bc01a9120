import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the process was started with: variables, folder, streams.
struct ProcessFacts: Sendable {
  let environment: [String: String]
  let workingDirectory: String
  private let isUTF8: Bool

  init() {
    setlocale(LC_CTYPE, "")
    isUTF8 = String(cString: nl_langinfo(CInt(CODESET))).uppercased().hasPrefix("UTF")
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "=") {
        variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      entry += 1
    }
    environment = variables
    workingDirectory = Self.currentFolder ?? "."
  }

  /// Takes the places of standard streams that are closed, so that no socket gets their numbers.
  ///
  /// What is written there fails as it should: the null device is opened for reading only.
  static func keepStandardStreamsTaken() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDONLY)
    }
  }

  private static var currentFolder: String? {
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// Whether a person is there: questions need both streams, as one may be redirected.
  var hasPerson: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// The line that shows what is awaited; `nil` where no terminal could show and erase it.
  var progress: ProgressLine? {
    let terminal = environment["TERM"] ?? ""
    guard isatty(STDERR_FILENO) == 1, !["", "dumb", "unknown"].contains(terminal) else {
      return nil
    }
    let writer = OutputWriter(descriptor: STDERR_FILENO, isBuffered: false)
    return ProgressLine(
      width: { Self.width(STDERR_FILENO) ?? 80 },
      isUTF8: isUTF8,
      write: { writer.write($0) }
    )
  }

  /// The terminal has echoed a Ctrl-C: what is said next begins on a row of its own.
  func endEchoedRow(_ progress: ProgressLine?, _ console: Console) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    // Where typing is hidden the terminal echoes nothing: what stands for the key is written here.
    var modes = termios()
    let hasModes = tcgetattr(STDIN_FILENO, &modes) == 0
    // While a question is answered its editor says so itself.
    if hasModes, modes.c_lflag & tcflag_t(ICANON) == 0 { return }
    let isEchoed = !hasModes || modes.c_lflag & tcflag_t(ECHO) != 0
    if let progress { return progress.passEcho(isEchoed: isEchoed) }
    console.messages.write(isEchoed ? "\n" : "^C\n")
    console.messages.flush()
  }

  /// Who runs the shell, for the audit log.
  private var userName: String? {
    guard let entry = getpwuid(getuid()) else { return nil }
    return String(cString: entry.pointee.pw_name)
  }

  /// Whether mistakes in the arguments are wanted as JSON, before the arguments are understood.
  var wantsJSON: Bool {
    OutputFormat(written: Array(CommandLine.arguments.dropFirst()))?.isJSON == true
  }

  func results(_ color: ColorChoice) -> Medium { medium(STDOUT_FILENO, color) }
  func messages(_ color: ColorChoice) -> Medium { medium(STDERR_FILENO, color) }

  private func medium(_ descriptor: CInt, _ color: ColorChoice) -> Medium {
    let isTerminal = isatty(descriptor) == 1
    return Medium(
      width: isTerminal ? Self.width(descriptor) : nil,
      isUTF8: isUTF8,
      isTerminal: isTerminal,
      hasColor: color.isOn(isTerminal: isTerminal, environment: environment)
    )
  }

  private static func width(_ descriptor: CInt) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private static func rows(_ descriptor: CInt) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
    return Int(size.ws_row)
  }

  /// The world of the session this invocation asks for.
  func world(_ invocation: Invocation?, _ redactor: Redactor) -> World {
    var world = World(
      environment: environment,
      workingDirectory: workingDirectory,
      transport: { AsyncHTTPTransport(options: $0) }
    )
    world.redactor = redactor
    world.configurationFolder = configurationFolder
    world.stateFolder = stateFolder
    if let options = invocation?.session, !options.isNonInteractive, !options.isRestricted,
      isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1
    {
      world.screenRows = { Self.rows(STDOUT_FILENO) }
    }
    if isatty(STDOUT_FILENO) == 1 { world.screenColumns = { Self.width(STDOUT_FILENO) } }
    world.userName = userName
    world.resultsAreOnTerminal = isatty(STDOUT_FILENO) == 1
    if case .command? = invocation?.door { world.hasVisibleArguments = true }
    if invocation?.leavesInput == true {
      world.readStandardInput = { (wholeInput) async throws(SecretReferenceError) in
        StandardInput.read(wholeInput: wholeInput)
      }
      world.readLines = { StandardInput.readLines($0) }
    }
    return world
  }

  /// `$XDG_STATE_HOME/devlake-shell/history`; `nil` without a home.
  var historyPath: String? { stateFolder.map { $0 + "/history" } }

  private var stateFolder: String? { folder("XDG_STATE_HOME", "/.local/state") }
  private var configurationFolder: String? { folder("XDG_CONFIG_HOME", "/.config") }

  /// The shell's folder below a base folder; a relative one does not count, as XDG says.
  private func folder(_ variable: String, _ usual: String) -> String? {
    if let base = environment[variable], base.hasPrefix("/") { return base + "/devlake-shell" }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + usual + "/devlake-shell"
  }

  /// `$XDG_CONFIG_HOME/devlake-shell/rc.lake` if it is there; `nil` without a home.
  var startupFile: String? {
    var folder = environment["XDG_CONFIG_HOME"] ?? ""
    if !folder.hasPrefix("/") {
      guard let home = environment["HOME"], !home.isEmpty else { return nil }
      folder = home + "/.config"
    }
    let path = folder + "/devlake-shell/rc.lake"
    return access(path, F_OK) == 0 ? path : nil
  }

  /// The text of a file; a wrong path is a mistake of usage.
  func read(_ path: String) throws(Failure) -> String {
    try ScriptFile.read(path, shownAs: path)
  }
}
