import DevLakeKit
import ShellLanguage

/// The text of a `cmd:` reference with values in it.
///
/// A value is not written into the command, where quotes, comments or a backslash could let it end
/// what surrounds it: it is set, single-quoted, as a variable of that `sh`, and the command names it.
///
///     cmd:pass show $team/$name   →   cmd:lake_1='core' lake_2='a b'; pass show "${lake_1}"/"${lake_2}"
struct CommandReference {
  private let head: String
  private var toSkip: Int
  private var command = ""
  private var values: [String] = []

  /// Takes what is before the command, `cmd:` or `NAME=cmd:`.
  init(head: String) {
    self.head = head
    toSkip = head.count
  }

  /// The reference as it is followed.
  var text: String {
    guard !values.isEmpty else { return head + command }
    let variables = values.enumerated().map { "\(Self.name($0.offset))=\(Self.quoted($0.element))" }
    return "\(head)\(variables.joined(separator: " ")); \(command)"
  }

  /// Adds what is written in the script; the head comes first.
  mutating func add(written text: String) {
    command += text.dropFirst(toSkip)
    toSkip -= min(toSkip, text.count)
  }

  /// Adds what was expanded.
  mutating func add(value: String) {
    command += "\"${\(Self.name(values.count))}\""
    values.append(value)
  }

  private static func name(_ index: Int) -> String { "lake_\(index + 1)" }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}

extension CommandReference {
  /// The first expansion that is inside quotes of `sh`, where it would be split or meant as text.
  static func misplacedPart(in word: Word, as kind: ValueKind) -> Word.Part? {
    guard let head = SecretWord.commandHead(of: word, as: kind) else { return nil }
    var quotes = ShellQuotes()
    var toSkip = head.count
    for part in word.parts {
      switch part.kind {
      case .plain(let text, _), .quoted(let text):
        quotes.read(text.dropFirst(toSkip))
        toSkip -= min(toSkip, text.count)
      case .variable, .capture, .collection, .sum, .length:
        if quotes.isOpen { return part }
      }
    }
    return nil
  }

  /// Why such an expansion is refused.
  static func misplaced(_ part: Word.Part, in source: SourceText) -> Failure {
    .usage(
      "expansions in cmd: are already quoted for sh",
      at: ArgumentValue(value: nil, span: part.span, source: source),
      help: "remove sh's quotes around it"
    )
  }
}

/// How `sh` reads a text as far as quotes go.
private struct ShellQuotes {
  private var quote: UnicodeScalar?
  private var isEscaped = false

  /// Whether what follows would be inside quotes, or behind a backslash.
  var isOpen: Bool { quote != nil || isEscaped }

  mutating func read(_ text: some StringProtocol) {
    for scalar in text.unicodeScalars {
      if isEscaped {
        isEscaped = false
      } else if scalar == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if scalar == open { quote = nil }
      } else if scalar == "'" || scalar == "\"" {
        quote = scalar
      }
    }
  }
}
