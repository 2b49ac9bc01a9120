extension CommandRegistry {
  /// The commands that ship with the shell.
  ///
  /// A new command is one line here.
  static let standard = CommandRegistry(commands: [
    ConnectCommand(),
    InstancesCommand(),
    DiffCommand(),
    KeysCommand(),
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
    UndoCommand(),
    APICommand(),
    WatchCommand(),
    MCPCommand(),
    RefreshCommand(),
    SetCommand(),
    UnsetCommand(),
    EchoCommand(),
    IncludeCommand(),
    EditCommand(),
    HistoryCommand(),
    HelpCommand(),
    ClearCommand(),
    ReadCommand(),
    ParseCommand(),
    SleepCommand(),
    LeaveCommand.leavingLoop,
    LeaveCommand.leavingRound,
    LeaveCommand.leavingDefinition,
    ExitCommand(name: "exit"),
    ExitCommand(name: "quit"),
  ])
}

extension SignatureRegistry {
  /// What the commands that ship with the shell declare.
  static let standard = CommandRegistry.standard.signatures
}
