/// Writes the parts of one word, putting double quotes around what stood in them.
struct WordWriter {
  private var text = ""
  /// Whether a double quote is open.
  private var isQuoting = false
  private var lastWasQuotedText = false
  /// A `$name` that would swallow a letter after it.
  private var pendingName: String?

  /// The word with its last quote closed.
  var finished: String {
    var copy = self
    copy.settleName(before: "")
    copy.stopQuoting()
    return copy.text
  }

  /// Adds a part; `expansion` writes every expansion but a bare `$name`.
  mutating func add(_ kind: Word.Kind, written expansion: (Word.Kind) -> String) {
    switch kind {
    case .plain(let plain, let isEscaped):
      let written = isEscaped ? plain.unicodeScalars.map { "\\\($0)" }.joined() : plain
      settleName(before: isQuoting ? "" : written)
      stopQuoting()
      text += written
    case .quoted(let quoted):
      addQuoted(quoted)
    case .variable, .capture, .collection, .sum, .length:
      settleName(before: "$")
      if kind.isQuoted { startQuoting() } else { stopQuoting() }
      lastWasQuotedText = false
      if case .variable(let reference, _) = kind, reference.path.isEmpty, reference.fallback == nil
      {
        pendingName = reference.name
      } else {
        text += expansion(kind)
      }
    }
  }

  private mutating func addQuoted(_ quoted: String) {
    let written = Quoting.escaped(quoted)
    // Two texts in parallel, and an empty one, came from quotes of their own.
    if quoted.isEmpty || lastWasQuotedText || !isQuoting {
      settleName(before: "")
      stopQuoting()
      startQuoting()
    } else {
      settleName(before: written)
    }
    text += written
    if quoted.isEmpty { stopQuoting() }
    lastWasQuotedText = true
  }

  private mutating func settleName(before next: String) {
    guard let name = pendingName else { return }
    pendingName = nil
    let swallows = next.utf8.first.map(Self.continuesName) ?? false
    text += swallows ? "${\(name)}" : "$\(name)"
  }

  private static func continuesName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
      // After these a key or an index would seem to follow.
      UInt8(ascii: "."), UInt8(ascii: "["):
      true
    default: false
    }
  }

  private mutating func startQuoting() {
    if !isQuoting { text += "\"" }
    isQuoting = true
  }

  private mutating func stopQuoting() {
    if isQuoting { text += "\"" }
    isQuoting = false
    lastWasQuotedText = false
  }
}
