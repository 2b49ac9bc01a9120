import DevLakeKit

/// Finds what the words of a statement mean.
struct Expansion {
  let session: Session
  let source: SourceText

  /// The value of a word; `nil` never, but the binder's closure may say it does not know yet.
  func value(of word: Word) throws(Failure) -> Value? {
    if word.parts.count == 1, case .variable(let reference, isQuoted: false) = word.parts[0].kind {
      return try value(of: reference, at: word.parts[0].span)
    }
    var text = ""
    var secret = false
    for part in word.parts {
      switch part.kind {
      case .plain(let piece, _), .quoted(let piece): text += piece
      case .variable(let reference, _):
        let value = try value(of: reference, at: part.span)
        if case .secret(let hidden) = value {
          secret = true
          text += hidden.reveal { $0 }
        } else {
          text += value.text ?? ""
        }
      case .capture: throw unsupported(part.span)
      }
    }
    return secret ? .secret(Secret(text)) : .text(text)
  }

  /// The value of a word in `let`, where an unquoted number, `true`, `false` and `null` have a type.
  func typedValue(_ word: Word) throws(Failure) -> Value {
    if let plain = word.plain {
      switch plain {
      case "true": return .data(true)
      case "false": return .data(false)
      case "null": return .data(nil)
      default: if Self.isNumber(plain) { return .data(.number(plain)) }
      }
    }
    return try value(of: word) ?? .data(.null)
  }

  private func value(
    of reference: VariableReference,
    at span: SourceSpan
  ) throws(Failure) -> Value {
    guard reference.path.isEmpty else { throw unsupported(span) }
    if let value = session.variables[reference.name] { return value }
    if let fallback = reference.fallback { return .text(fallback) }
    let near = Suggestion.closest(to: reference.name, among: session.variables.keys.sorted())
    throw Failure(
      Diagnostic(
        code: .usage,
        message: "no variable named '\(reference.name)'",
        span: span,
        source: source,
        help: near.map { "did you mean '$\($0)'?" } ?? "set it with 'let \(reference.name) = …'"
      ),
      exitCode: .usage
    )
  }

  /// Whether a word is `-?digits[.digits]`.
  static func isNumber(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
  }

  private func unsupported(_ span: SourceSpan) -> Failure {
    Failure(
      Diagnostic(
        code: .usage,
        message: "this expansion is not supported yet",
        span: span,
        source: source
      ),
      exitCode: .usage
    )
  }
}
