import DevLakeKit
import ShellLanguage

/// What the program's arguments ask for.
struct Invocation {
  /// One piece of the program a caller gave: `-c TEXT` or `-f FILE`.
  enum Piece: Equatable {
    case text(String)
    case file(String, arguments: [String])
  }

  /// What is to be done.
  enum Door {
    case version(isJSON: Bool)
    case help
    /// The words after the options are one command.
    case command(SimpleCommand, SourceText)
    case program([Piece])
    /// Nothing was named: a person at a terminal, or standard input.
    case input
  }

  var door: Door
  var session = SessionOptions()
  /// What `--set NAME=VALUE` gives.
  var variables: [(name: String, value: String)] = []
  var checksOnly = false
  var keepsGoing = false
  var staysInteractive = false
  var readsStartupFile = true

  /// Whether standard input carries no commands, and a script may read it.
  var leavesInput: Bool {
    switch door {
    case .version, .help, .command: return true
    case .program(let pieces):
      return !staysInteractive
        && !pieces.contains { if case .file("-", _) = $0 { true } else { false } }
    case .input: return false
    }
  }

  /// Reads the arguments after the program's name.
  init(_ arguments: [String]) throws(Failure) {
    let (source, whole) = ArgumentSource.make([Signature.program.name] + arguments)
    for (word, text) in zip(whole.words, arguments) where text.contains("\u{FFFD}") {
      throw .usage(
        "an argument is not UTF-8",
        at: ArgumentValue(value: nil, span: word.span, source: source)
      )
    }
    let split = Self.firstWord(in: whole.words)
    if let mistake = Self.misplacedOption(in: whole.words[..<split], source) { throw mistake }
    let binder = Binder(
      registry: SignatureRegistry([]),
      source: source,
      expand: { (_, _) throws(Failure) in nil }
    )
    let call = try binder.bind(
      Signature.program,
      words: whole.words[..<split],
      span: whole.span,
      nameSpan: whole.name.span
    )
    door = try Self.door(call, whole.words[split...], Array(arguments[split...]), source)
    try read(call)
    if session.isRestricted { try refuseCommands(in: call, source) }
    if session.instanceName != nil, case .command(let command, let source) = door {
      for word in command.words {
        guard let text = word.literal, text == "--url" || text.hasPrefix("--url=") else { continue }
        throw Self.twoInstances(at: ArgumentValue(value: nil, span: word.span, source: source))
      }
    }
    for given in call.all(option: "set") {
      let parts = given.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard VariableName.isUsable(name) else {
        throw .invalid("'\(name)' is not a valid variable name", at: given)
      }
      variables.append((name, parts.count > 1 ? String(parts[1]) : ""))
    }
  }

  /// `--restricted` may be behind what it refuses.
  private func refuseCommands(in call: Call, _ source: SourceText) throws(Failure) {
    for option in Signature.program.options where option.kind == .secret {
      for given in call.all(option: option.name) where given.text.hasPrefix("cmd:") {
        throw Failure.restricted(WayOut.secretCommand.rawValue, at: given.span, source)
      }
    }
  }

  private mutating func read(_ call: Call) throws(Failure) {
    checksOnly = call.flag("check")
    keepsGoing = call.flag("keep-going")
    staysInteractive = call.flag("interactive")
    readsStartupFile = !call.flag("no-rc")
    session.url = try call.option("url")?.url()
    session.instanceName = call.text("instance")
    if let given = call.option("instance"), session.url != nil {
      throw Self.twoInstances(at: given)
    }
    session.apiKey = call.text("api-key")
    session.user = call.text("user")
    session.password = call.text("password")
    session.headers = call.all(option: "header").map(\.text)
    session.certificateFile = call.text("ca-cert")
    session.isInsecure = call.flag("insecure")
    session.requiresAudit = call.flag("audit-required")
    session.envFile = call.text("env-file")
    session.answersYes = call.flag("yes")
    session.isReadOnly = call.flag("read-only")
    session.isRestricted = call.flag("restricted")
    session.isNonInteractive = call.flag("non-interactive")
    session.settings.isVerbose = call.flag("verbose")
    session.settings.isQuiet = call.flag("quiet")
    if let text = call.text("output") {
      session.settings.format = OutputFormat(rawValue: text) ?? .table
    }
    if call.flag("json") { session.settings.format = .json }
    if let text = call.text("color") {
      session.settings.color = ColorChoice(rawValue: text) ?? .auto
    }
    if let number = call.integer("parallel") { session.settings.parallel = number }
    session.settings.timeout = call.text("timeout").flatMap(Double.init).map { .seconds($0) }
  }

  private static func twoInstances(at given: ArgumentValue) -> Failure {
    .usage("--url and --instance cannot be combined", at: given, help: "use one of them")
  }

  private static func door(
    _ call: Call,
    _ words: ArraySlice<Word>,
    _ texts: [String],
    _ source: SourceText
  ) throws(Failure) -> Door {
    if call.flag("help") { return .help }
    if call.flag("version") { return .version(isJSON: call.flag("json")) }
    var pieces: [(place: Int, piece: Piece)] = call.all(option: "command").map {
      ($0.span.lower, .text($0.text))
    }
    let files = call.all(option: "file")
    for (index, given) in files.enumerated() {
      let arguments = index == files.count - 1 ? texts : []
      pieces.append((given.span.lower, .file(given.text, arguments: arguments)))
    }
    if !pieces.isEmpty {
      if let word = words.first, files.isEmpty {
        throw Failure(
          Diagnostic(
            code: .usage,
            message: "unexpected argument '\(texts[0])' after -c",
            span: word.span,
            source: source,
            help: "quote all lines as one argument"
          ),
          exitCode: .usage
        )
      }
      return .program(pieces.sorted { $0.place < $1.place }.map(\.piece))
    }
    guard let first = words.first, let name = texts.first, let last = words.last else {
      return .input
    }
    let command = SimpleCommand(
      name: Located(value: name, span: first.span),
      words: Array(words.dropFirst()),
      span: SourceSpan(lower: first.span.lower, upper: last.span.upper)
    )
    return .command(command, source)
  }
}
