/// The condition of `--where`: tests of a row's fields, joined by `and`, `or`, `not` and parentheses.
///
///     where    = wand { "or" wand } ;   wand = wtest { "and" wtest }
///     wtest    = "not" wtest | "(" where ")" | FIELD compare OPERAND
///     OPERAND  = one word, or a text in quotes
///
/// It is read from the text of its word: an expansion is a part of one operand, whatever its value
/// holds, so no value can make a condition mean something else.
package indirect enum RowCondition: Sendable, Equatable {
  case either([RowCondition])
  case both([RowCondition])
  case not(RowCondition)
  case test(Test)

  /// `FIELD compare OPERAND`.
  package struct Test: Sendable, Equatable {
    package var field: Located<String>
    package var sign: Located<Comparison>
    package var operand: Operand
  }

  /// What a field is compared with.
  package struct Operand: Sendable, Equatable {
    package var pieces: [Piece]
    /// Whether it is in quotes of its own: `"null"` is a text.
    package var isQuoted: Bool
    package var span: SourceSpan
  }

  package enum Piece: Sendable, Equatable {
    case text(String)
    /// The number of the word's part that is expanded here.
    case expansion(Int)
  }

  /// Reads the condition a word is.
  package static func parse(_ word: Word) throws(SyntaxMistake) -> RowCondition {
    var reader = RowConditionReader(word)
    return try reader.whole()
  }

  /// Every test in it, from left to right.
  package var tests: [Test] {
    switch self {
    case .either(let conditions), .both(let conditions): conditions.flatMap(\.tests)
    case .not(let inner): inner.tests
    case .test(let test): [test]
    }
  }
}

extension RowCondition.Operand {
  /// Its text where nothing is expanded in it.
  package var literal: String? {
    var text = ""
    for piece in pieces {
      guard case .text(let part) = piece else { return nil }
      text += part
    }
    return text
  }

  /// Whether it is the word `null`.
  package var isNull: Bool { !isQuoted && literal == "null" }
}
