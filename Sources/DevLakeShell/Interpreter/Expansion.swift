import DevLakeKit
import ShellLanguage

/// Finds what the words of a statement mean.
struct Expansion {
  let session: Session
  let frame: Frame
  /// The results of the `$( … )` in the words, by their places.
  var captured: [SourceSpan: Value] = [:]

  /// The value of a word: of one expansion its own, of anything else a text.
  ///
  /// In a `cmd:` reference expanded parts are quoted for the shell that runs it.
  func value(of word: Word, as kind: ValueKind = .text) throws(Failure) -> Value {
    if word.parts.count == 1, let value = try ownValue(of: word.parts[0]) { return value }
    if let head = SecretWord.commandHead(of: word, as: kind) {
      return .text(try command(word, after: head))
    }
    var text = ""
    var isSecret = false
    for part in word.parts {
      switch try value(of: part) {
      case .secret(let secret):
        isSecret = true
        text += secret.reveal { $0 }
      case let value: text += value.text ?? ""
      }
    }
    return isSecret ? .secret(Secret(text)) : .text(text)
  }

  private func value(of part: Word.Part) throws(Failure) -> Value {
    switch part.kind {
    case .plain(let piece, _), .quoted(let piece): .text(piece)
    case .variable(let reference, _): try value(of: reference, at: part.span)
    case .capture: captured[part.span] ?? .data(.null)
    }
  }

  /// A `cmd:` reference; a secret in it would show in the list of processes.
  private func command(_ word: Word, after head: String) throws(Failure) -> String {
    var command = CommandReference(head: head)
    for part in word.parts {
      let value = try value(of: part)
      guard let text = value.text else {
        throw failure(
          "a secret in a command shows to everybody who can run ps",
          at: part.span,
          help: "let the command read it from its environment or from a file"
        )
      }
      switch part.kind {
      case .plain, .quoted: command.add(written: text)
      case .variable, .capture: command.add(value: text)
      }
    }
    return command.text
  }

  private func ownValue(of part: Word.Part) throws(Failure) -> Value? {
    switch part.kind {
    case .variable(let reference, isQuoted: false): try value(of: reference, at: part.span)
    case .capture(_, isQuoted: false): captured[part.span] ?? .data(.null)
    case .plain, .quoted, .variable, .capture: nil
    }
  }

  /// The value of a word in `let` and comparisons, where an unquoted number, `true`, `false` and
  /// `null` have a type.
  func typedValue(of word: Word) throws(Failure) -> Value {
    if let plain = word.plain { return Value.typed(plain) ?? .text(plain) }
    return try value(of: word)
  }

  func failure(
    _ message: String,
    at span: SourceSpan,
    help: String? = nil
  ) -> Failure {
    Failure(
      Diagnostic(
        code: .usage,
        message: message,
        span: span,
        source: frame.source,
        help: help
      ),
      exitCode: .usage
    )
  }
}
