import DevLakeKit
import ShellLanguage

/// Tells from its source text what a word may mean where a secret is wanted.
///
/// Only what is written in the script can be a reference: a value that happens to begin with `cmd:`,
/// perhaps a name the server gave, must never be run, nor `file:` read.
enum SecretWord {
  private static let schemes = ["cmd:", "env:", "file:", "text:"]

  /// Whether the word is written as `cmd:…` where a reference may stand.
  static func isCommand(_ word: Word, as kind: ValueKind) -> Bool {
    commandHead(of: word, as: kind) != nil
  }

  /// What is before the command of a `cmd:` reference: `cmd:`, or `token=cmd:` of a field.
  static func commandHead(of word: Word, as kind: ValueKind) -> String? {
    let start = written(word)
    switch kind {
    case .secret: return start.hasPrefix("cmd:") ? "cmd:" : nil
    case .field, .numberedSecret, .namedSecret:
      guard let value = fieldValue(start), value.hasPrefix("cmd:") else { return nil }
      return start[..<value.startIndex] + "cmd:"
    default: return nil
    }
  }

  /// The name before the `=` of a field, when it is written before anything is expanded.
  static func fieldName(of word: Word) -> String? {
    let start = written(word)
    return fieldValue(start).map { String(start[..<$0.startIndex].dropLast()) }
  }

  /// The value as a secret option takes it: what was expanded is the secret itself.
  static func checked(
    _ value: Value,
    of word: Word,
    as kind: ValueKind,
    named name: String,
    at given: ArgumentValue
  ) throws(Failure) -> Value {
    guard word.literal == nil, let text = value.text else { return value }
    let start = written(word)
    let reference: Substring
    if kind.isPair {
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
        "a value that starts with '\(scheme)' is not followed as a reference",
        at: given,
        help:
          "write the reference after '\(name)' itself, or store it with 'let --secret NAME = REF'"
      )
    }
    return kind == .secret && !text.isEmpty ? .secret(Secret(text)) : value
  }

  /// Makes of `NAME=VALUE` with a secret in it the secret value of the field NAME.
  ///
  /// The name must be written out: what a secret holds is never read as one.
  static func takeApart(
    _ given: inout ArgumentValue,
    _ word: Word,
    as kind: ValueKind,
    named option: String
  ) throws(Failure) {
    guard case .secret(let secret)? = given.value else { return }
    guard let name = fieldName(of: word), !name.isEmpty else {
      let form =
        kind == .field ? "NAME=VALUE, with a literal name" : "N=REF, with a literal number"
      throw .usage("'\(option)' takes \(form)", at: given)
    }
    given.fieldName = name
    given.value = .secret(
      secret.reveal {
        Secret(String(decoding: $0.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self))
      }
    )
  }

  /// What is written before the first expansion.
  private static func written(_ word: Word) -> String {
    var text = ""
    for part in word.parts {
      switch part.kind {
      case .plain(let piece, _), .quoted(let piece): text += piece
      case .variable, .capture, .collection, .sum, .length: return text
      }
    }
    return text
  }

  private static func fieldValue(_ text: String) -> Substring? {
    text.firstIndex(of: "=").map { text[text.index(after: $0)...] }
  }
}
