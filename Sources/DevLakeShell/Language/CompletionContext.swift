/// What is being written at a cursor.
///
/// It comes from the parser itself, which reads the text up to the cursor as if the input ended
/// there; so it holds inside quotes, blocks, captures and lines that are continued.
package struct CompletionContext: Sendable, Equatable {
  package var role: Role
  /// The command the cursor is in, with its complete words before the cursor.
  package var command: WrittenCommand
  package var partial: PartialWord

  /// What the cursor's word is for.
  package enum Role: Sendable, Equatable {
    /// A command's name.
    case command(CommandPlace)
    /// A word of a command, also an option's name or its value when that is a word of its own.
    case argument
    /// What is after `--name=`; the partial word is the value alone.
    case optionValue(of: Located<String>)
    /// A variable's name after `$` or `${`.
    case variable
    /// A key after the dot in `${name.`.
    case member(of: VariableReference)
    /// The file after `>` or `>>`.
    case file
    /// A value in `let`, `for … in` or a comparison.
    case value
    /// One of these words of the language.
    case keyword([String])
    /// Text for `/bin/sh`.
    case shell
    /// Nothing to complete: a comment, a new name, an operator.
    case nothing
  }

  /// Where a command's name stands, and so which words of the language may be there instead.
  package enum CommandPlace: Sendable, Equatable {
    /// `let`, `for`, `if`, `try` and `!` may be there.
    case statement
    /// After `&&` or `||`: commands only.
    case list
    /// After `if`: `not` and values may be there.
    case condition
  }

  /// A command's name and words as far as they are written.
  package struct WrittenCommand: Sendable, Equatable {
    package var name: Located<String>?
    package var words: [Word] = []
    package var isInCondition = false
  }

  /// The word that touches the cursor, up to the cursor.
  package struct PartialWord: Sendable, Equatable {
    /// What a completion replaces.
    package var span: SourceSpan
    /// As written, with an open quote and escapes.
    package var raw: String
    /// The text it stands for so far; nil when there is an expansion in it.
    package var value: String?
    /// The quote the cursor is inside of.
    package var quote: Quote
  }

  package enum Quote: String, Sendable, Equatable {
    case none = ""
    case single = "'"
    case double = "\""
  }

  /// Tells what is at `cursor`, an offset in UTF-8 bytes.
  package static func at(cursor: Int, in source: SourceText) -> CompletionContext {
    let before = source.text.utf8.prefix(max(0, cursor))
    var parser = Parser(Array(before), isCompleting: true)
    _ = parser.parse()
    let end = SourceSpan(lower: before.count, upper: before.count)
    return parser.completion
      ?? CompletionContext(
        role: .nothing,
        command: WrittenCommand(),
        partial: PartialWord(span: end, raw: "", value: "", quote: .none)
      )
  }
}

extension Parser {
  /// Notes that the input ended where a word with this role could begin.
  mutating func noteEnd(_ role: CompletionContext.Role) {
    noteEnd(role, from: position)
  }

  /// Notes that the input ended in text that began at `start`.
  mutating func noteEnd(_ role: CompletionContext.Role, from start: Int) {
    guard isCompleting, isAtEnd, start <= bytes.count else { return }
    let raw = text(start, bytes.count)
    noteEnd(role, from: start, value: raw)
  }

  /// Notes that the input ended in a variable's name or key.
  mutating func noteVariable(_ role: CompletionContext.Role, from start: Int) {
    noteEnd(role, from: start)
  }

  /// Notes that the input ended in `word`.
  mutating func noteEnd(_ role: CompletionContext.Role, of word: Word) {
    guard isCompleting, isAtEnd, completion == nil else { return }
    if role == .argument, let option = word.writtenOption, let value = option.value {
      noteEnd(.optionValue(of: option.name), from: value.span.lower, value: value.literal)
    } else {
      noteEnd(role, from: word.span.lower, value: word.literal)
    }
  }

  private mutating func noteEnd(
    _ role: CompletionContext.Role,
    from start: Int,
    value: String?
  ) {
    guard completion == nil else { return }
    completion = CompletionContext(
      role: role,
      command: commandInProgress,
      partial: CompletionContext.PartialWord(
        span: SourceSpan(lower: start, upper: bytes.count),
        raw: text(start, bytes.count),
        value: value,
        quote: openQuote
      )
    )
  }
}
