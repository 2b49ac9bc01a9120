/// A parsed input: its statements, in order.
///
/// The tree is what was written: no name is looked up and nothing is expanded here. Spans are
/// offsets into the source text that was parsed.
struct Script: Sendable, Equatable {
  var statements: [Statement]
}

/// One statement.
indirect enum Statement: Sendable, Equatable {
  /// `let [--secret] NAME = WORD`
  case assignment(Assignment)
  /// `for NAME in WORD… { … }`
  case loop(Loop)
  /// `if … { … } else if … { … } else { … }`
  case conditional(Conditional)
  /// `try { … } else { … }`
  case attempt(Attempt)
  /// `!TEXT`, for `/bin/sh`
  case system(Located<String>)
  /// Commands joined by `&&` and `||`
  case list(CommandList)
}

/// `let [--secret] NAME = WORD`.
struct Assignment: Sendable, Equatable {
  var name: Located<String>
  var isSecret: Bool
  var value: Word
  /// From `let` to the end of the value.
  var span: SourceSpan
}

/// `for NAME in WORD… { … }`.
struct Loop: Sendable, Equatable {
  var name: Located<String>
  var items: [Word]
  var body: Script
  var span: SourceSpan
}

/// `if CONDITION { … } else …`.
struct Conditional: Sendable, Equatable {
  /// `if` and every `else if`, in order; at least one.
  var branches: [Branch]
  var otherwise: Script?
  var span: SourceSpan

  struct Branch: Sendable, Equatable {
    var condition: Condition
    var body: Script
  }
}

/// `try { … } else { … }`.
struct Attempt: Sendable, Equatable {
  var body: Script
  var otherwise: Script?
  var span: SourceSpan
}

/// What stands after `if`.
indirect enum Condition: Sendable, Equatable {
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
enum Comparison: String, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case matches = "~"
}

/// `a && b || c`: `&&` binds tighter.
indirect enum CommandList: Sendable, Equatable {
  case command(PipedCommand)
  case both(CommandList, CommandList)
  case either(CommandList, CommandList)
}

/// A command and where its result goes.
struct PipedCommand: Sendable, Equatable {
  var command: SimpleCommand
  var destination: Destination?

  enum Destination: Sendable, Equatable {
    /// `> WORD`
    case file(Word)
    /// `>> WORD`
    case appendedFile(Word)
    /// `| TEXT`, for `/bin/sh`
    case pipe(Located<String>)
  }
}

/// A command's name and the words after it.
struct SimpleCommand: Sendable, Equatable {
  /// The first word: plain characters only.
  var name: Located<String>
  /// The words after it, options among them.
  var words: [Word]
  /// From the name to the end of the last word.
  var span: SourceSpan
}

/// One word: the pieces it is made of, side by side.
struct Word: Sendable, Equatable {
  var parts: [Part]
  var span: SourceSpan

  struct Part: Sendable, Equatable {
    var kind: Kind
    var span: SourceSpan
  }

  indirect enum Kind: Sendable, Equatable {
    /// Characters outside quotes, escapes resolved; `isEscaped` when a backslash stood among them.
    case plain(String, isEscaped: Bool)
    /// Characters inside `'…'` or `"…"`, escapes resolved.
    case quoted(String)
    /// `$NAME`, `${NAME.path[0]:-text}`; `isQuoted` inside `"…"`.
    case variable(VariableReference, isQuoted: Bool)
    /// `$( script )`; `isQuoted` inside `"…"`.
    case capture(Script, isQuoted: Bool)
  }
}

/// `NAME`, `1`, `c.name`, `r[0].id`, `team:-core`.
struct VariableReference: Sendable, Equatable {
  /// The variable's name, or the digits of a script argument.
  var name: String
  var path: [Step]
  /// The text after `:-`.
  var fallback: String?

  enum Step: Sendable, Equatable {
    case member(String)
    case index(Int)
  }
}

extension Word {
  /// The word's text when it has no expansion.
  var literal: String? {
    var text = ""
    for part in parts {
      switch part.kind {
      case .plain(let piece, _), .quoted(let piece): text += piece
      case .variable, .capture: return nil
      }
    }
    return text
  }

  /// The word's text when it is made of unquoted, unescaped characters only.
  var plain: String? {
    guard parts.count == 1, case .plain(let text, isEscaped: false) = parts[0].kind else {
      return nil
    }
    return text
  }
}

/// Why a part of the input could not be read.
struct SyntaxMistake: Error, Sendable, Equatable {
  var message: String
  var span: SourceSpan
  /// What to write instead, if that is known.
  var help: String?
}

/// What an unfinished input waits for; the raw value stands in the prompt.
enum Incompleteness: String, Sendable, Equatable {
  case singleQuote = "'"
  case doubleQuote = "\""
  case block = "{"
  case capture = "("
  /// A final backslash.
  case backslash = "\\"
  /// After `&&`, `||`, `|`, `>`, `let x =`, `for … in`, `if`.
  case operand = "…"
}
