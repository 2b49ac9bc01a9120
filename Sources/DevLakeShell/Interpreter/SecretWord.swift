import DevLakeKit

/// Tells from its source text what a word may mean where a secret is wanted.
///
/// Only what is written in the script can be a reference: a value that happens to begin with `cmd:`,
/// perhaps a name the server gave, must never be run, nor `file:` read.
enum SecretWord {
  private static let schemes = ["cmd:", "env:", "file:", "text:"]

  /// Whether the word is written as `cmd:…` where a reference may stand.
  static func isCommand(_ word: Word, as kind: ValueKind) -> Bool {
    switch kind {
    case .secret: return written(word).hasPrefix("cmd:")
    case .field: return fieldValue(written(word))?.hasPrefix("cmd:") == true
    default: return false
    }
  }

  /// The value as a secret option takes it: what was expanded is the secret itself.
  static func checked(
    _ value: Value,
    of word: Word,
    as kind: ValueKind,
    named name: String,
    at given: Given
  ) throws(Failure) -> Value {
    guard word.literal == nil, let text = value.text else { return value }
    let start = written(word)
    let reference: Substring
    if kind == .field {
      guard let equals = text.firstIndex(of: "=") else { return value }
      if let known = fieldValue(start), schemes.contains(where: known.hasPrefix) { return value }
      reference = text[text.index(after: equals)...]
    } else {
      if schemes.contains(where: start.hasPrefix) { return value }
      reference = text[...]
    }
    guard !schemes.contains(where: reference.hasPrefix), reference != "-", reference != "prompt"
    else {
      let scheme = schemes.first(where: reference.hasPrefix) ?? String(reference)
      throw .usage(
        "a value that reads '\(scheme)…' is not followed as a reference",
        at: given,
        help: "write the reference at '\(name)' itself, or keep it with 'let --secret NAME = REF'"
      )
    }
    return kind == .secret && !text.isEmpty ? .secret(Secret(text)) : value
  }

  /// What is written before the first expansion.
  private static func written(_ word: Word) -> String {
    var text = ""
    for part in word.parts {
      switch part.kind {
      case .plain(let piece, _), .quoted(let piece): text += piece
      case .variable, .capture: return text
      }
    }
    return text
  }

  private static func fieldValue(_ text: String) -> Substring? {
    text.firstIndex(of: "=").map { text[text.index(after: $0)...] }
  }
}
