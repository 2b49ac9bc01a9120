/// A parsed input: its statements, in order.
///
/// The tree is what was written: no name is looked up and nothing is expanded here. Spans are
/// offsets into the source text that was parsed.
package struct Script: Sendable, Equatable {
  package var statements: [Statement]

  package init(statements: [Statement]) { self.statements = statements }
}

/// One statement.
package indirect enum Statement: Sendable, Equatable {
  /// `let [--secret] NAME = WORD`
  case assignment(Assignment)
  /// `for NAME in WORD… { … }`
  case loop(Loop)
  /// `while CONDITION { … }`
  case repetition(Repetition)
  /// `if … { … } else if … { … } else { … }`
  case conditional(Conditional)
  /// `try { … } else { … }`
  case attempt(Attempt)
  /// `def NAME PARAMETER… { … }`
  case definition(Definition)
  /// `{ … }`, only where its results go somewhere
  case block(Block)
  /// A word that is one expansion: its value is the result.
  case value(Word)
  /// A statement with a block, or a value, whose results go to a file or a shell command
  case redirected(Redirected)
  /// `!TEXT`, for `/bin/sh`
  case system(Located<String>)
  /// Commands joined by `&&` and `||`
  case list(CommandList)
}

/// `let [--secret] NAME = WORD`.
package struct Assignment: Sendable, Equatable {
  package var name: Located<String>
  package var isSecret: Bool
  package var value: Word
  /// From `let` to the end of the value.
  package var span: SourceSpan
}

/// `for NAME in WORD… { … }`, `for KEY, VALUE in WORD { … }`.
package struct Loop: Sendable, Equatable {
  package var name: Located<String>
  /// The second of two names.
  package var second: Located<String>?
  package var items: [Word]
  package var body: Script
  package var span: SourceSpan
}

/// `while CONDITION { … }`.
package struct Repetition: Sendable, Equatable {
  package var condition: Condition
  package var body: Script
  package var span: SourceSpan
}

/// `def NAME PARAMETER… { … }`: a command of the script's own.
package struct Definition: Sendable, Equatable {
  package var name: Located<String>
  package var parameters: [Located<String>]
  package var body: Script
  package var span: SourceSpan
}

/// `{ … }`.
package struct Block: Sendable, Equatable {
  package var body: Script
  package var span: SourceSpan
}

/// `STATEMENT > FILE`, `STATEMENT | TEXT`.
package struct Redirected: Sendable, Equatable {
  package var statement: Statement
  package var destination: Destination
  /// From the statement to the end of the destination.
  package var span: SourceSpan
}

/// Where results go instead.
package enum Destination: Sendable, Equatable {
  /// `> WORD`
  case file(Word)
  /// `>> WORD`
  case appendedFile(Word)
  /// `| TEXT`, for `/bin/sh`
  case pipe(Located<String>)
}

/// `if CONDITION { … } else …`.
package struct Conditional: Sendable, Equatable {
  /// `if` and every `else if`, in order; at least one.
  package var branches: [Branch]
  package var otherwise: Script?
  package var span: SourceSpan

  package struct Branch: Sendable, Equatable {
    package var condition: Condition
    package var body: Script
  }
}

/// `try { … } else { … }`.
package struct Attempt: Sendable, Equatable {
  package var body: Script
  package var otherwise: Script?
  package var span: SourceSpan
}

/// What is after `if`.
package indirect enum Condition: Sendable, Equatable {
  case either(Condition, Condition)
  case both(Condition, Condition)
  case not(Condition)
  /// A value on its own: true, false, or a mistake.
  case value(Word)
  case comparison(Word, Located<Comparison>, Word)
  /// A command's success.
  case command(PipedCommand)
}

/// The operator of a comparison; the raw value is its spelling.
package enum Comparison: String, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case matches = "~"
}

/// `a && b || c`: `&&` binds tighter.
package indirect enum CommandList: Sendable, Equatable {
  case command(PipedCommand)
  case both(CommandList, CommandList)
  case either(CommandList, CommandList)
}

/// A command and where its result goes.
package struct PipedCommand: Sendable, Equatable {
  package var command: SimpleCommand
  package var destination: Destination?

  package init(command: SimpleCommand, destination: Destination? = nil) {
    self.command = command
    self.destination = destination
  }
}

/// A command's name and the words after it.
package struct SimpleCommand: Sendable, Equatable {
  /// The first word: plain characters only.
  package var name: Located<String>
  /// The words after it, options among them.
  package var words: [Word]
  /// From the name to the end of the last word.
  package var span: SourceSpan

  package init(name: Located<String>, words: [Word], span: SourceSpan) {
    self.name = name
    self.words = words
    self.span = span
  }
}

/// One word: the pieces it is made of, in parallel.
package struct Word: Sendable, Equatable {
  package var parts: [Part]
  package var span: SourceSpan

  package init(parts: [Part], span: SourceSpan) {
    self.parts = parts
    self.span = span
  }

  package struct Part: Sendable, Equatable {
    package var kind: Kind
    package var span: SourceSpan
  }

  package indirect enum Kind: Sendable, Equatable {
    /// Characters outside quotes, escapes resolved; `isEscaped` when a backslash stood among them.
    case plain(String, isEscaped: Bool)
    /// Characters inside `'…'` or `"…"`, escapes resolved.
    case quoted(String)
    /// `$NAME`, `${NAME.path[0]:-text}`; `isQuoted` inside `"…"`.
    case variable(VariableReference, isQuoted: Bool)
    /// `$( script )`; `isQuoted` inside `"…"`.
    case capture(Script, isQuoted: Bool)
    /// `$[ script ]`: its results as a list, however many there are.
    case collection(Script, isQuoted: Bool)
    /// `$(( sum ))`.
    case sum(Sum, isQuoted: Bool)
    /// `${#NAME.path}`.
    case length(VariableReference, isQuoted: Bool)
  }
}

/// Whole numbers, and what is done to them; the tree says what stood in parentheses.
package indirect enum Sum: Sendable, Equatable {
  case number(Int)
  /// An expansion: the part of a word.
  case operand(Word.Part)
  case negated(Sum, SourceSpan)
  /// `a - b + c`, or `a * b / c`: operators of one rank, from left to right.
  case chain(Sum, [Step])

  package struct Step: Sendable, Equatable {
    package var sign: Located<Operator>
    package var operand: Sum
  }

  package enum Operator: String, Sendable, CaseIterable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case modulo = "%"
  }
}

/// `NAME`, `1`, `c.name`, `r[0].id`, `r[$i]`, `team:-core`.
package struct VariableReference: Sendable, Equatable {
  /// The variable's name, or the digits of a script argument.
  package var name: String
  package var path: [Step]
  /// What is after `:-`.
  package var fallback: Word?

  package init(name: String, path: [Step], fallback: Word? = nil) {
    self.name = name
    self.path = path
    self.fallback = fallback
  }

  package enum Step: Sendable, Equatable {
    case member(String)
    case index(Int)
    /// `[$NAME]`: the variable holds the index or the key.
    case variable(String)
  }
}

extension Word {
  /// The word's text when it has no expansion.
  package var literal: String? {
    var text = ""
    for part in parts {
      switch part.kind {
      case .plain(let piece, _), .quoted(let piece): text += piece
      case .variable, .capture, .collection, .sum, .length: return nil
      }
    }
    return text
  }

  /// The expansion the word is, where it is nothing else and stands outside quotes.
  package var onlyExpansion: Part? {
    guard parts.count == 1, !parts[0].kind.isText, !parts[0].kind.isQuoted else { return nil }
    return parts[0]
  }

  /// The word's text when it is made of unquoted, unescaped characters only.
  package var plain: String? {
    guard parts.count == 1, case .plain(let text, isEscaped: false) = parts[0].kind else {
      return nil
    }
    return text
  }
}

/// Why a part of the input could not be read.
package struct SyntaxMistake: Error, Sendable, Equatable {
  package var message: String
  package var span: SourceSpan
  /// What to write instead, if that is known.
  package var help: String?
}

/// What an unfinished input waits for; the raw value is in the prompt.
package enum Incompleteness: String, Sendable, Equatable {
  case singleQuote = "'"
  case doubleQuote = "\""
  case block = "{"
  case capture = "("
  /// A final backslash.
  case backslash = "\\"
  /// `$[` without its `]`.
  case list = "["
  /// After `&&`, `||`, `|`, `>`, `let x =`, `for … in`, `if`.
  case operand = "…"
}

extension Word.Kind {
  /// Whether it is written text: nothing is expanded in it.
  package var isText: Bool {
    switch self {
    case .plain, .quoted: true
    case .variable, .capture, .collection, .sum, .length: false
    }
  }

  /// Whether it is in quotes, where a value becomes text.
  package var isQuoted: Bool {
    switch self {
    case .plain: false
    case .quoted: true
    case .variable(_, let isQuoted), .capture(_, let isQuoted), .collection(_, let isQuoted),
      .sum(_, let isQuoted), .length(_, let isQuoted):
      isQuoted
    }
  }
}
