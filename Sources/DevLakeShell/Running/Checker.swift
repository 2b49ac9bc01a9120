import DevLakeKit
import ShellLanguage

/// Checks scripts before anything of them runs: syntax, commands, options, values, variables.
///
/// Every mistake is found at once, in every branch and every included file, and nothing is asked of
/// anyone.
struct Checker {
  let registry: CommandRegistry
  let library: ScriptLibrary
  /// Whether a variable is set before the script begins.
  let isSet: (String) -> Bool
  let setNames: () -> [String]
  let world: World
  let isRestricted: Bool
  let allowsAbbreviations: Bool
  /// Whether standard input holds data, and no commands.
  let canReadInput: Bool
  /// Whether the script is only checked: what it reads may be there when it runs.
  var checksOnly = false
  /// The variables some statement so far sets, in any branch.
  var defined: Set<String> = []
  /// The commands known at this place.
  var definitions: [String: Signature]
  /// Names that a text with mistakes seems to define.
  var looseDefinitions: Set<String> = []
  /// How many loops are around what is checked, in the same script and definition.
  var loopDepth = 0
  /// Whether a definition is.
  var isInDefinition = false
  /// Whether a statement so far may have made files.
  var mayHaveMadeFiles = false
  /// Whether something in it turns to another DevLake than the one in use.
  var namesInstance = false
  /// What is not a mistake and yet worth a word.
  var warnings: [Diagnostic] = []
  /// What a person at a terminal may have meant otherwise.
  var remarks: [Diagnostic] = []
  /// The names that were meant by unknown ones, found once.
  let suggestions = SuggestionMemory()
  /// The plugins the server is known to have.
  let serverPlugins: [String]
  /// What was found, each source's in the order of their places.
  var mistakes: [Diagnostic] = []

  /// The source being checked, and what led to it.
  var frame = Frame(source: SourceText(name: "", text: ""))
  /// How many arguments the script was given; `nil`: that is not known.
  private(set) var argumentCount: Int?
  /// How many scripts and blocks are around what is checked.
  var depth = 0
  var found: [(place: Int, diagnostic: Diagnostic)] = []
  /// Where the source cannot be read: what depends on it is not a mistake of its own.
  private(set) var unreadable = SpanSet([])
  /// The mistakes told of one line; of more only the number.
  private static let mostMistakesOfALine = 100
  /// The mistakes told of one source: nobody reads more.
  private static let mostMistakes = 10_000

  init(interpreter: Interpreter, library: ScriptLibrary) {
    let session = interpreter.session
    registry = interpreter.registry
    self.library = library
    isSet = { session.variables[$0] != nil }
    setNames = { session.variables.names }
    world = session.world
    isRestricted = session.options.isRestricted
    allowsAbbreviations = interpreter.allowsAbbreviations
    canReadInput = session.world.readStandardInput != nil
    definitions = session.definitions.mapValues(\.signature)
    serverPlugins = session.inventory.serverPlugins ?? []
  }

  /// Checks a source; what it defines is known to what is checked after it.
  mutating func check(
    _ source: SourceText,
    _ parsed: ParseResult,
    in outer: Frame,
    arguments: Int?
  ) {
    let before = (frame, argumentCount, found, unreadable)
    let borders = (loopDepth, isInDefinition)
    (loopDepth, isInDefinition) = (0, false)
    defer { (loopDepth, isInDefinition) = borders }
    frame = outer
    frame.source = source
    argumentCount = arguments
    let syntax = parsed.allMistakes
    found = syntax.map { mistake in
      let diagnostic = diagnostic(mistake.message, mistake.span, help: mistake.help)
      return (mistake.span.lower, diagnostic)
    }
    unreadable = SpanSet(syntax.map(\.span))
    if !syntax.isEmpty {
      defined.formUnion(Self.names(after: ["let", "for"], in: source.text))
      looseDefinitions.formUnion(Self.names(after: ["def"], in: source.text))
    }
    check(parsed.script)
    let ordered = Self.limited(found.sorted { $0.place < $1.place }.map(\.diagnostic), in: source)
    (frame, argumentCount, found, unreadable) = before
    mistakes += ordered
  }

  /// The mistakes without those of a line that has too many.
  private static func limited(_ mistakes: [Diagnostic], in source: SourceText) -> [Diagnostic] {
    guard mistakes.count > mostMistakesOfALine else { return mistakes }
    let table = LineTable(source)
    var limited: [Diagnostic] = []
    var line = -1
    var count = 0
    func tellRest() {
      guard count > mostMistakesOfALine, var last = limited.last else { return }
      last.message = "and \(count - mostMistakesOfALine) more mistakes on this line"
      last.help = nil
      last.isBrief = true
      limited.append(last)
    }
    for mistake in mistakes {
      let place = mistake.span.flatMap { mistake.source == source ? table.line(at: $0.lower) : nil }
      if let place, place == line {
        count += 1
      } else {
        tellRest()
        (line, count) = (place ?? -1, 1)
      }
      if count <= mostMistakesOfALine { limited.append(mistake) }
    }
    tellRest()
    guard limited.count > mostMistakes else { return limited }
    var last = limited[mostMistakes]
    last.message = "and \(limited.count - mostMistakes) more lines with mistakes"
    last.help = nil
    last.isBrief = true
    return limited.prefix(mostMistakes) + [last]
  }

  /// Names after `let`, `for` and `def`, whether or not their statements can be read: one mistake in a
  /// `let` should not make every use of its variable another.
  private static func names(after keywords: Set<Substring>, in text: String) -> [String] {
    let words = text.split { $0.isWhitespace || $0 == ";" }
    return zip(words.indices, words).compactMap { index, word in
      guard keywords.contains(word) else { return nil }
      return words[(index + 1)...].first { $0 != "--secret" }.map {
        String($0.hasSuffix(",") ? $0.dropLast() : $0)
      }
    }
  }
}

/// Places of a source, to ask whether one of them touches another place.
struct SpanSet {
  private let lowers: [Int]
  /// The furthest end of each place and all before it.
  private let reach: [Int]

  init(_ spans: [SourceSpan]) {
    let sorted = spans.sorted { $0.lower < $1.lower }
    lowers = sorted.map(\.lower)
    var furthest = Int.min
    reach = sorted.map { span in
      furthest = max(furthest, span.upper)
      return furthest
    }
  }

  func touches(_ span: SourceSpan) -> Bool {
    var (first, end) = (0, lowers.count)
    while first < end {
      let middle = (first + end) / 2
      if lowers[middle] <= span.upper { first = middle + 1 } else { end = middle }
    }
    return first > 0 && reach[first - 1] >= span.lower
  }
}
