import DevLakeKit
import ShellLanguage

/// Checks scripts before anything of them runs: syntax, commands, options, values, variables.
///
/// Every mistake is found at once, in every branch and every included file, and nothing is asked of
/// anybody.
struct Checker {
  let registry: CommandRegistry
  let library: ScriptLibrary
  /// Whether a variable is set before the script begins.
  let isSet: (String) -> Bool
  let setNames: () -> [String]
  let folder: String
  let isRestricted: Bool
  let allowsAbbreviations: Bool
  /// The variables some statement so far sets, in any branch.
  var defined: Set<String> = []
  /// What was found, each source's in the order of their places.
  var mistakes: [Diagnostic] = []

  /// The source being checked, and what led to it.
  var frame = Frame(source: SourceText(name: "", text: ""))
  /// How many arguments the script was given; `nil`: that is not known.
  private(set) var argumentCount: Int?
  /// How many scripts and blocks are around what is checked.
  var depth = 0
  var found: [(place: Int, diagnostic: Diagnostic)] = []
  /// Where the source cannot be read: what depends on it is no mistake of its own.
  private(set) var unreadable: [SourceSpan] = []

  init(interpreter: Interpreter, library: ScriptLibrary) {
    let session = interpreter.session
    registry = interpreter.registry
    self.library = library
    isSet = { session.variables[$0] != nil }
    setNames = { Array(session.variables.keys) }
    folder = session.world.workingDirectory
    isRestricted = session.options.isRestricted
    allowsAbbreviations = interpreter.allowsAbbreviations
  }

  /// Checks a source; what it defines is known to what is checked after it.
  mutating func check(
    _ source: SourceText,
    _ parsed: ParseResult,
    in outer: Frame,
    arguments: Int?
  ) {
    let before = (frame, argumentCount, found, unreadable)
    frame = outer
    frame.source = source
    argumentCount = arguments
    let syntax = parsed.allMistakes
    found = syntax.map { mistake in
      let diagnostic = diagnostic(mistake.message, mistake.span, help: mistake.help)
      return (mistake.span.lower, diagnostic)
    }
    unreadable = syntax.map(\.span)
    if !syntax.isEmpty { defined.formUnion(Self.names(introducedIn: source.text)) }
    check(parsed.script)
    let ordered = found.sorted { $0.place < $1.place }.map(\.diagnostic)
    (frame, argumentCount, found, unreadable) = before
    mistakes += ordered
  }

  /// Names after `let` and `for`, whether or not their statements can be read: one mistake in a
  /// `let` should not make every use of its variable another.
  private static func names(introducedIn text: String) -> [String] {
    let words = text.split { $0.isWhitespace || $0 == ";" }
    return zip(words.indices, words).compactMap { index, word in
      guard word == "let" || word == "for" else { return nil }
      return words[(index + 1)...].first { $0 != "--secret" }.map(String.init)
    }
  }
}
