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

  /// The options that stand before the first word.
  static let signature = Signature(
    name: "devlake-shell",
    abstract: "A scriptable shell for the connections of Apache DevLake",
    options: [
      .init(
        name: "command",
        short: "c",
        kind: .text,
        placeholder: "LINES",
        help: "run these lines (repeatable, in order with -f)",
        isRepeated: true
      ),
      .init(
        name: "file",
        short: "f",
        kind: .file,
        placeholder: "FILE",
        help: "run this file; the words after it are its $1, $2, …",
        isRepeated: true
      ),
      .init(
        name: "interactive",
        short: "i",
        kind: .flag,
        help: "stay for a person after -c and -f"
      ),
      .init(name: "check", kind: .flag, help: "check -c and -f, and run nothing"),
      .init(
        name: "keep-going",
        short: "k",
        kind: .flag,
        help: "go on after a failed command"
      ),
      .init(
        name: "url",
        kind: .url,
        placeholder: "URL",
        help: "the DevLake to talk to; comes before $DEVLAKE_URL and state files"
      ),
      .init(
        name: "instance",
        kind: .text,
        placeholder: "NAME",
        help: "the DevLake of that name in instances.yaml, instead of --url"
      ),
      .init(
        name: "output",
        short: "o",
        kind: .choice(OutputFormat.allCases.map(\.rawValue)),
        placeholder: "FORMAT",
        help: OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
      ),
      .init(name: "json", kind: .flag, help: "the same as --output json"),
      .init(name: "quiet", short: "q", kind: .flag, help: "no notes on standard error"),
      .init(
        name: "verbose",
        short: "v",
        kind: .flag,
        help: "a line on standard error per request"
      ),
      .init(
        name: "color",
        kind: .choice(ColorChoice.allCases.map(\.rawValue)),
        placeholder: "WHEN",
        help: "auto, always or never"
      ),
      .init(name: "non-interactive", kind: .flag, help: "ask nothing"),
      .init(
        name: "yes",
        short: "y",
        kind: .flag,
        help: "answer questions with yes, but for the address of a state file"
      ),
      .init(
        name: "timeout",
        kind: .seconds,
        placeholder: "SECONDS",
        help: "how long one request may take"
      ),
      .init(
        name: "parallel",
        kind: .integer(1...256),
        placeholder: "N",
        help: "how many requests of a command run at once, 16 unless told"
      ),
      .init(
        name: "api-key",
        kind: .secret,
        placeholder: "REF",
        help: "an API key of DevLake (also $DEVLAKE_API_KEY)"
      ),
      .init(
        name: "user",
        kind: .text,
        placeholder: "NAME",
        help: "user of HTTP Basic (config-ui)"
      ),
      .init(
        name: "password",
        kind: .secret,
        placeholder: "REF",
        help: "password of HTTP Basic"
      ),
      .init(
        name: "header",
        kind: .secret,
        placeholder: "'NAME: VALUE'",
        help: "a further header field (repeatable)",
        isRepeated: true
      ),
      .init(
        name: "ca-cert",
        kind: .file,
        placeholder: "FILE",
        help: "certificates to trust instead of the system's"
      ),
      .init(name: "insecure", kind: .flag, help: "accept any certificate"),
      .init(
        name: "audit-required",
        kind: .flag,
        help: "change nothing that the audit log cannot keep"
      ),
      .init(
        name: "env-file",
        kind: .file,
        placeholder: "PATH",
        help: "file with tokens, .devlake.env unless told"
      ),
      .init(
        name: "set",
        kind: .field,
        placeholder: "NAME=VALUE",
        help: "a variable (repeatable)",
        isRepeated: true
      ),
      .init(name: "no-rc", kind: .flag, help: "do not read the start-up file"),
      .init(name: "read-only", kind: .flag, help: "send nothing that may change a DevLake"),
      .init(
        name: "restricted",
        kind: .flag,
        help: "start no program and write no file: no !, |, >, cmd:, --raw, --secret-file"
      ),
      .init(name: "version", kind: .flag, help: "show the version"),
      .init(name: "help", short: "h", kind: .flag, help: "show this"),
    ],
    topic: .shell,
    takesCommonOptions: false
  )

  /// Reads the arguments after the program's name.
  init(_ arguments: [String]) throws(Failure) {
    let (source, whole) = ArgumentSource.make([Self.signature.name] + arguments)
    for (word, text) in zip(whole.words, arguments) where text.contains("\u{FFFD}") {
      throw .usage(
        "an argument is not UTF-8",
        at: Given(value: nil, span: word.span, source: source)
      )
    }
    let split = Self.firstWord(in: whole.words)
    if let mistake = Self.misplacedOption(in: whole.words[..<split], source) { throw mistake }
    let binder = Binder(
      registry: CommandRegistry(commands: []),
      source: source,
      expand: { (_, _) throws(Failure) in nil }
    )
    let call = try binder.bind(
      Self.signature,
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
        throw Self.twoInstances(at: Given(value: nil, span: word.span, source: source))
      }
    }
    for given in call.all(option: "set") {
      let parts = given.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard VariableName.isUsable(name) else {
        throw .invalid("'\(name)' is no name of a variable", at: given)
      }
      variables.append((name, parts.count > 1 ? String(parts[1]) : ""))
    }
  }

  /// `--restricted` may stand behind what it refuses.
  private func refuseCommands(in call: Call, _ source: SourceText) throws(Failure) {
    for option in Self.signature.options where option.kind == .secret {
      for given in call.all(option: option.name) where given.text.hasPrefix("cmd:") {
        throw Checker.restricted(WayOut.secretCommand.rawValue, at: given.span, source)
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

  private static func twoInstances(at given: Given) -> Failure {
    .usage("--url and --instance both name a DevLake", at: given, help: "give one of them")
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
            message: "'\(texts[0])' stands after -c",
            span: word.span,
            source: source,
            help: "put the whole of the lines into one argument, quoted"
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

/// What a variable may be called.
enum VariableName {
  static func isUsable(_ name: String) -> Bool {
    guard let first = name.first, first.isASCII, first.isLetter || first == "_" else {
      return false
    }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
