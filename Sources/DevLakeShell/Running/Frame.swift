import DevLakeKit
import ShellLanguage

/// Where statements stand while they run: their source, what led to it, and where results go.
struct Frame {
  /// Where the results of commands go.
  enum Results {
    /// To the person or program behind the shell.
    case console
    /// Into `$( … )`, as data.
    case values(CollectedValues)
    /// Into a file or a shell command, drawn as for a file.
    case text(CollectedResults)
    /// To a command that repeats others, not drawn yet.
    case outputs(CollectedOutputs)
    /// Nowhere: only success counts.
    case none
  }

  var source: SourceText
  /// `$1`, `$2`, … of the script.
  var arguments: [String] = []
  /// The includes that led here, the innermost first.
  var inclusions: [Diagnostic.Inclusion] = []
  /// The files that are running, so that none includes itself.
  var running: [String] = []
  let library: ScriptLibrary
  let statementCounts: StatementCounts
  /// Whether a failed statement does not end the script.
  var keepsGoing = false
  /// Whether failures are not shown, because the script deals with them.
  var isSilent = false
  /// Whether what runs is a condition, whose verdict is its answer.
  var isCondition = false
  /// Whether what runs is the body of a `try`, which a verdict may end.
  var isTried = false
  /// Whether a verdict that stops what runs is told although its result was shown: in a script.
  var namesVerdicts = true
  /// Whether a person typed it: a program after `!` gets their terminal.
  var isTyped = false
  /// The parameters of the definition that runs.
  var locals: Locals?
  /// How many calls of definitions lead here.
  var callDepth = 0
  /// What `--fields` of the definition that runs selects of its results.
  var selectedFields: ArgumentValue?
  /// Whether `--safe` of the definition that runs makes text of what a spreadsheet would run.
  var isSafe = false
  var results = Results.console

  init(
    source: SourceText,
    arguments: [String] = [],
    library: ScriptLibrary = ScriptLibrary(),
    statementCounts: StatementCounts = StatementCounts(),
    keepsGoing: Bool = false
  ) {
    self.source = source
    self.arguments = arguments
    self.library = library
    self.statementCounts = statementCounts
    self.keepsGoing = keepsGoing
  }

  /// The same place, in which a failure ends what runs and counts nowhere.
  var guarded: Frame {
    var frame = Frame(source: source, arguments: arguments, library: library)
    frame.inclusions = inclusions
    frame.running = running
    frame.isSilent = isSilent
    frame.isCondition = isCondition
    frame.namesVerdicts = namesVerdicts
    frame.locals = locals
    frame.callDepth = callDepth
    frame.selectedFields = selectedFields
    frame.isSafe = isSafe
    frame.results = results
    return frame
  }
}

/// The parameters of one call of a definition.
final class Locals {
  private(set) var values: [String: Value] = [:]
  private var foreign: Set<String> = []

  func set(_ name: String, _ value: Value, isForeign: Bool) {
    values[name] = value
    if isForeign { foreign.insert(name) } else { foreign.remove(name) }
  }

  func isForeign(_ name: String) -> Bool { foreign.contains(name) }
}

/// How many statements ran and how many of them failed.
final class StatementCounts {
  var ran = 0
  var failed = 0
}

/// The results of the commands in one `$( … )` or `$[ … ]`.
final class CollectedValues {
  private(set) var values: [JSONValue] = []
  private let isList: Bool

  init(isList: Bool = false) { self.isList = isList }

  /// Adds a result; to `$[ … ]` a list adds its elements.
  func add(_ value: JSONValue) {
    if isList, let elements = value.array {
      values += elements
    } else {
      values.append(value)
    }
  }

  /// One result is itself, several are a list, none is null; in `$[ … ]` it is always a list.
  var value: JSONValue {
    if isList { return .array(values) }
    switch values.count {
    case 0: return .null
    case 1: return values[0]
    default: return .array(values)
    }
  }
}

/// The results of a command whose output goes elsewhere, as text.
final class CollectedResults {
  private(set) var text = ""
  /// Whether a YAML document is in it: the next one needs a mark between them.
  private(set) var hasYAML = false

  func add(_ text: String) { self.text += text }

  /// Adds a result as it was drawn.
  func add(_ text: String, as format: OutputFormat) {
    if format == .yaml {
      if hasYAML { self.text += YAMLRenderer.separator }
      hasYAML = true
    }
    self.text += text
  }
}

/// The results of one run of a command that is repeated, in their order.
final class CollectedOutputs {
  enum Element: Sendable {
    case output(Output, OutputFormat)
    /// What another program wrote.
    case text(String)
    /// What is said below a result.
    case note(String)
  }

  private(set) var elements: [Element] = []

  func add(_ element: Element) { elements.append(element) }
}
