/// A part of a line that may stand out while it is typed.
package struct LineMark: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// A command's name.
    case command(String)
    case option
    /// `'…'` and `"…"`, the quotes among it.
    case quoted
    case variable
    case comment
  }

  package var kind: Kind
  package var span: SourceSpan
}

extension Parser {
  /// The parts of an input, also of one that is not finished or has mistakes; where two overlap, the
  /// later one counts.
  package static func marks(in source: SourceText) -> [LineMark] {
    var parser = Parser(Array(source.text.utf8), isCompleting: false)
    parser.marks = []
    _ = parser.parse()
    return parser.marks ?? []
  }

  mutating func mark(_ kind: LineMark.Kind, from start: Int) {
    marks?.append(LineMark(kind: kind, span: SourceSpan(lower: start, upper: position)))
  }

  /// Marks a word for what is in it outside quotes.
  mutating func mark(_ word: Word, as role: CompletionContext.Role) {
    guard marks != nil else { return }
    switch role {
    case .command:
      if let name = word.plain { mark(.command(name), from: word.span.lower) }
    case .argument where word.isOptionLike:
      let end = word.writtenOption?.name.span.upper ?? word.span.upper
      marks?.append(
        LineMark(kind: .option, span: SourceSpan(lower: word.span.lower, upper: end))
      )
    default: break
    }
    for part in word.parts {
      switch part.kind {
      case .variable, .length: marks?.append(LineMark(kind: .variable, span: part.span))
      case .plain, .quoted, .capture, .collection, .sum: break
      }
    }
  }
}
