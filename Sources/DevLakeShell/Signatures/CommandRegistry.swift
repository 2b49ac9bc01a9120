/// The commands this shell has, in the order help shows them.
struct CommandRegistry: Sendable {
  let commands: [any Command]
  /// The documents' own words, and the command each phrase means.
  let phrases: [(words: [String], command: String)]
  private let byName: [String: any Command]

  init(commands: [any Command]) {
    self.commands = commands
    byName = Dictionary(
      commands.map { ($0.signature.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    phrases = commands.flatMap { command in
      command.signature.phrases.map { ($0, command.signature.name) }
    }
  }

  /// The commands that ship with the shell.
  ///
  /// A new command is one line here.
  static let standard = CommandRegistry(commands: [
    ConnectCommand(),
    UseCommand(),
    StatusCommand(),
    PluginsCommand(),
    ListCommand(),
    ShowCommand(),
    CreateCommand(),
    TestCommand(),
    UpdateCommand(),
    RotateCommand(),
    DeleteCommand(),
    ImpactCommand(),
    ExportCommand(),
    PlanCommand(),
    ApplyCommand(),
    DoctorCommand(),
    AuditCommand(),
    APICommand(),
    WatchCommand(),
    RefreshCommand(),
    SetCommand(),
    UnsetCommand(),
    EchoCommand(),
    IncludeCommand(),
    HistoryCommand(),
    HelpCommand(),
    ReadCommand(),
    ParseCommand(),
    SleepCommand(),
    LeaveCommand.leavingLoop,
    LeaveCommand.leavingRound,
    LeaveCommand.leavingDefinition,
    ExitCommand(name: "exit"),
    ExitCommand(name: "quit"),
  ])

  subscript(name: String) -> (any Command)? { byName[name] }

  var names: [String] { commands.map(\.signature.name) }

  /// The commands that are never suggested for a mistyped one.
  var destructive: Set<String> {
    Set(commands.filter(\.signature.isDestructive).map(\.signature.name))
  }

  /// Whether a phrase begins with `word`.
  func isPhraseStart(_ word: String) -> Bool { phrases.contains { $0.words.first == word } }
}
