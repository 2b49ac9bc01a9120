import ShellLanguage

/// What a command is called, what it takes, and what it is for.
///
/// The binder, `help`, completion, hints, the manual and the tests read this value and nothing else.
struct Signature: Sendable {
  var name: String
  /// One line, no full stop, shown in lists.
  var abstract: String
  /// What a person should know besides, in whole sentences.
  var discussion = ""
  var arguments: [Argument] = []
  var options: [Option] = []
  /// Shown by `help`, and run by the tests.
  var examples: [Example] = []
  /// The heading it is under in `help`.
  var topic = Topic.connections
  /// Whether it changes anything in DevLake.
  var changes = false
  /// Whether it destroys: such a command is never suggested for a mistyped one.
  var isDestructive = false
  /// The phrases of the documents that mean it, for example `configure connection list`.
  var phrases: [[String]] = []
  /// Whether it takes the options every command takes; the program's own do not.
  var takesCommonOptions = true
  /// What around it it ends: `break`, `continue`, `return`.
  var leaves: Leaving?
  /// Whether its first argument is a script that runs in the same scope.
  var includesScript = false

  /// A heading of `help`.
  enum Topic: String, Sendable, CaseIterable {
    case connections = "Connections"
    case instance = "The DevLake they are in"
    case shell = "The shell"
  }

  /// A word that is in its place.
  struct Argument: Sendable {
    /// As help shows it, for example `SEL`.
    var name: String
    var kind: ValueKind
    var isRequired = true
    /// Whether any number of words may be there; only the last argument.
    var isRepeated = false
  }

  /// A `--name` that may be given.
  struct Option: Sendable {
    /// Without the dashes.
    var name: String
    var short: Character?
    var kind: ValueKind
    /// As help shows the value, for example `URL`.
    var placeholder = ""
    /// One line, no full stop.
    var help: String
    /// Whether it may be given several times.
    var isRepeated = false
    /// What it does outside the shell and DevLake; `nil`: nothing.
    var effect: Effect?
  }

  /// A line that `help` shows and the tests run.
  struct Example: Sendable {
    var input: String
    /// What it does, for people.
    var purpose: String
  }
}

/// What may be in a value's place; checking, completion and redaction follow from it.
enum ValueKind: Sendable, Equatable {
  case text
  /// Any value, a secret too: it is shown as `***`.
  case anything
  /// No value: the option's presence counts.
  case flag
  case plugin
  /// Connections: an id, a range, `plugin/id`, a name, a pattern, `all`.
  case selector
  /// A connection's number.
  case id
  /// A secret, or where to find it; never kept in history.
  case secret
  case integer(ClosedRange<Int>)
  case seconds
  /// Seconds from 0 on.
  case pause
  /// Seconds between two runs: at least a tenth.
  case interval
  /// A day, or a time of which the day in UTC counts.
  case day
  /// How long ago, in days or a unit: `90`, `90d`, `12w`.
  case age
  /// A day, a time, or how long ago.
  case time
  case choice([String])
  /// One of the words that the connection's plugin takes; those of all plugins.
  case pluginChoice([String])
  case file
  case url
  /// A URL, or the name of an instance.
  case address
  /// The name of an instance.
  case instance
  /// Names of instances and patterns of them, with commas between; `all`.
  case instancePattern
  /// An API key's number or name.
  case key
  /// `NAME=VALUE`; the value may be a secret when the name looks like one.
  case field
  /// `N` or `N=REF`: a token's number, and the secret that takes its place.
  case numberedSecret
  /// `NAME=REF`: the value is always a secret, or where it is.
  case namedSecret
  /// `field op value`
  case condition
  case command
  /// A command with its words: every word from there on is its own.
  case commandLine
  /// A command or a page of help.
  case topic
  case variable
  /// A method of HTTP, in any case; a word with a `/` is none and leaves it out.
  case method
  /// A path of DevLake's API with its query.
  case route
  /// JSON, `@FILE`, or `-` for standard input.
  case body
}

extension ValueKind {
  /// Whether a secret may be behind a name and `=`.
  var isPair: Bool { self == .field || self == .numberedSecret || self == .namedSecret }

  /// Whether a secret may be in it.
  var takesSecret: Bool { self == .secret || isPair }
}

extension Signature {
  /// Whether a person may be asked for a secret while it runs.
  var mayAskForSecret: Bool {
    changes || options.contains { $0.kind == .secret || $0.kind == .field }
  }

  func option(_ name: String) -> Option? { options.first { $0.name == name } }

  /// Whether a command is in it, to which every word from its name on belongs.
  var takesCommand: Bool { arguments.last?.kind == .commandLine }

  /// The command and its words, as in `rotate [SEL…] [options]`.
  var usage: String {
    var words = [name]
    let hasOwnOptions = options.contains { !Self.isCommon($0.name) }
    if hasOwnOptions, takesCommand { words.append("[options]") }
    for argument in arguments {
      let word = argument.name + (argument.isRepeated ? "…" : "")
      words.append(argument.isRequired ? word : "[\(word)]")
    }
    if hasOwnOptions, !takesCommand { words.append("[options]") }
    return words.joined(separator: " ")
  }

  /// The options every command takes.
  static let common: [Option] = [
    Option(
      name: "output",
      short: "o",
      kind: .choice(OutputFormat.allCases.map(\.rawValue)),
      placeholder: "FORMAT",
      help: "format of the result"
    ),
    Option(name: "json", kind: .flag, help: "the same as --output json"),
    Option(
      name: "fields",
      kind: .text,
      placeholder: "A,B,C",
      help: "only these fields, in this order; a.b is field b of a"
    ),
    Option(
      name: "safe",
      kind: .flag,
      help: "in csv and tsv, quote what a spreadsheet would run"
    ),
    Option(
      name: "url",
      kind: .url,
      placeholder: "URL",
      help: "URL of the DevLake for this command"
    ),
    Option(
      name: "timeout",
      kind: .seconds,
      placeholder: "SECONDS",
      help: "time limit of a request"
    ),
    Option(name: "yes", short: "y", kind: .flag, help: "answer yes to questions"),
    Option(name: "help", short: "h", kind: .flag, help: "show the help of the command"),
  ]

  /// The option of every command that changes something.
  static let on = Option(
    name: "on",
    kind: .instance,
    placeholder: "NAME",
    help: "name of the protected instance, where nobody can be asked"
  )

  static func isCommon(_ name: String) -> Bool {
    name == on.name || common.contains { $0.name == name }
  }

  /// The options it shares with other commands.
  var commonOptions: [Option] {
    (changes ? Self.common + [Self.on] : Self.common).filter { option($0.name) == nil }
  }

  /// The options of the command and those every command takes.
  var allOptions: [Option] {
    takesCommonOptions ? options + commonOptions : options
  }
}

extension Signature.Argument {
  /// Whether a word shows that this argument was not written, and belongs to the next one.
  func isLeftOut(before word: Word, isLast: Bool) -> Bool {
    guard !isRequired, kind == .method, let text = word.literal else { return false }
    return !ValueKind.methods.contains(text.uppercased()) && (isLast || text.contains("/"))
  }

  /// The connections a command works on.
  static let selectors = Signature.Argument(
    name: "SEL",
    kind: .selector,
    isRequired: false,
    isRepeated: true
  )
  /// One connection.
  static let selector = Signature.Argument(name: "SEL", kind: .selector, isRequired: false)
}

extension Signature.Option {
  static let plugin = Signature.Option(
    name: "plugin",
    kind: .plugin,
    placeholder: "PLUGIN",
    help: "plugin of the connections"
  )
  static let id = Signature.Option(
    name: "id",
    kind: .id,
    placeholder: "ID",
    help: "ID of the connection"
  )
  static let dryRun = Signature.Option(
    name: "dry-run",
    kind: .flag,
    help: "show the requests without sending them"
  )
  static let parallel = Signature.Option(
    name: "parallel",
    kind: .integer(1...256),
    placeholder: "N",
    help: "number of parallel requests, 16 by default"
  )
  static let condition = Signature.Option(
    name: "where",
    kind: .condition,
    placeholder: "'FIELD OP VALUE'",
    help: "only connections that match; join tests with and, or, not and ( ) (repeatable)",
    isRepeated: true
  )
  static let envFile = Signature.Option(
    name: "env-file",
    kind: .file,
    placeholder: "PATH",
    help: "file with the token, .devlake.env by default"
  )
  static let expires = Signature.Option(
    name: "expires",
    kind: .day,
    placeholder: "DATE",
    help: "last day on which the new secret is valid, as 2027-01-31"
  )
  static let skipCleanup = Signature.Option(
    name: "skip-cleanup",
    kind: .flag,
    help: "keep used keys in the env file"
  )
}

extension ValueKind {
  /// The HTTP methods a request may have.
  static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
}

/// What a statement leaves before its end.
enum Leaving: Sendable {
  /// One round of a loop.
  case round
  case loop
  case definition
}
