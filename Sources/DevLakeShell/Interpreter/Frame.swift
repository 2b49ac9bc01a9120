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
  }

  var source: SourceText
  /// `$1`, `$2`, … of the script.
  var arguments: [String] = []
  /// The includes that led here, the innermost first.
  var inclusions: [Diagnostic.Inclusion] = []
  /// The files that are running, so that none includes itself.
  var running: [String] = []
  let library: ScriptLibrary
  let tally: Tally
  /// Whether a failed statement does not end the script.
  var keepsGoing = false
  /// Whether failures are not shown, because the script deals with them.
  var isSilent = false
  var results = Results.console

  init(
    source: SourceText,
    arguments: [String] = [],
    library: ScriptLibrary = ScriptLibrary(),
    tally: Tally = Tally(),
    keepsGoing: Bool = false
  ) {
    self.source = source
    self.arguments = arguments
    self.library = library
    self.tally = tally
    self.keepsGoing = keepsGoing
  }

  /// The same place, in which a failure ends what runs and counts nowhere.
  var guarded: Frame {
    var frame = Frame(source: source, arguments: arguments, library: library)
    frame.inclusions = inclusions
    frame.running = running
    frame.isSilent = isSilent
    frame.results = results
    return frame
  }
}

/// How many statements ran and how many of them failed.
final class Tally {
  var ran = 0
  var failed = 0
}

/// The results of the commands in one `$( … )`.
final class CollectedValues {
  private(set) var values: [JSONValue] = []

  func add(_ value: JSONValue) { values.append(value) }

  /// One result is itself, several are a list, none is null.
  var value: JSONValue {
    switch values.count {
    case 0: .null
    case 1: values[0]
    default: .array(values)
    }
  }
}

/// The results of a command whose output goes elsewhere, as text.
final class CollectedResults {
  private(set) var text = ""

  func add(_ text: String) { self.text += text }
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
