import DevLakeKit

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
    let isCommand = SecretWord.isCommand(word, as: kind)
    var text = ""
    var isSecret = false
    for part in word.parts {
      let value: Value
      switch part.kind {
      case .plain(let piece, _), .quoted(let piece):
        text += piece
        continue
      case .variable(let reference, _): value = try self.value(of: reference, at: part.span)
      case .capture: value = captured[part.span] ?? .data(.null)
      }
      var piece = value.text ?? ""
      if case .secret(let secret) = value {
        isSecret = true
        piece = secret.reveal { $0 }
      }
      text += isCommand ? Self.quotedForShell(piece) : piece
    }
    return isSecret && !isCommand ? .secret(Secret(text)) : .text(text)
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

  private static func quotedForShell(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
