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
      case let value: text += session.heldSecrets.hiding(value.text ?? "")
      }
    }
    return isSecret ? .secret(Secret(text)) : .text(text)
  }

  private func value(of part: Word.Part) throws(Failure) -> Value {
    switch part.kind {
    case .plain(let piece, _), .quoted(let piece): .text(piece)
    case .variable(let reference, _): try value(of: reference, at: part.span)
    case .length(let reference, _): try length(of: reference, at: part.span)
    case .sum(let sum, _): .data(.integer(try number(of: sum)))
    case .capture, .collection: captured[part.span] ?? .data(.null)
    }
  }

  /// What a word means, and what of it came from outside the script.
  func expanded(_ word: Word, as kind: ValueKind) throws(Failure) -> Expanded {
    var expanded = Expanded(value: try value(of: word, as: kind))
    if case .data(let data) = expanded.value {
      expanded.holdsSecret = session.heldSecrets.areIn(data)
    }
    if kind == .condition {
      var parts: [Expanded.Part] = []
      for part in word.parts {
        let value = try value(of: part)
        parts.append(Expanded.Part(value: value, isForeign: isForeign(part)))
      }
      expanded.parts = parts
    }
    guard word.parts.contains(where: isForeign) else { return expanded }
    var pieces: [Expanded.Piece] = []
    for part in word.parts {
      let text = try value(of: part).text ?? ""
      pieces.append(Expanded.Piece(text: text, isForeign: isForeign(part)))
    }
    expanded.pieces = pieces
    return expanded
  }

  /// Whether a part of a word came from outside the script.
  func isForeign(_ word: Word) -> Bool { word.parts.contains(where: isForeign) }

  /// Whether what is expanded came from DevLake, a file, standard input, the environment or a child.
  func isForeign(_ part: Word.Part) -> Bool {
    switch part.kind {
    case .plain, .quoted, .sum, .length: return false
    case .capture, .collection: return true
    case .variable(let reference, _):
      if let fallback = reference.fallback, isAbsent(reference, at: part.span) {
        return isForeign(fallback)
      }
      if Int(reference.name) != nil { return false }
      switch reference.name {
      case "args", "now", "today", "status": return false
      case "env", "error": return true
      default: break
      }
      if let locals = frame.locals, locals.values[reference.name] != nil {
        return locals.isForeign(reference.name)
      }
      return session.variables.isForeign(reference.name)
    }
  }

  /// A `cmd:` reference; a secret in it would show in the list of processes.
  private func command(_ word: Word, after head: String) throws(Failure) -> String {
    var command = CommandReference(head: head)
    for part in word.parts {
      let value = try value(of: part)
      guard let text = value.text else {
        throw failure(
          "a secret in a command is visible to everyone who can run ps",
          at: part.span,
          help: "pass it through the environment or a file"
        )
      }
      switch part.kind {
      case .plain, .quoted: command.add(written: text)
      case .variable, .capture, .collection, .sum, .length: command.add(value: text)
      }
    }
    return command.text
  }

  private func ownValue(of part: Word.Part) throws(Failure) -> Value? {
    part.kind.isText || part.kind.isQuoted ? nil : try value(of: part)
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
