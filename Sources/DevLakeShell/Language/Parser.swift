/// Turns a source text into a script; reads any input to its end and never throws.
///
///     script     = { sep } [ statement { sep { sep } statement } { sep } ] ;   sep = ";" | NEWLINE
///     block      = "{" script "}"
///     statement  = "let" [ "--secret" ] NAME "=" WORD
///                | "for" NAME [ "," NAME ] "in" WORD { WORD } block [ goes ]
///                | "while" condition block [ goes ]
///                | "if" condition block { "else" "if" condition block } [ "else" block ] [ goes ]
///                | "try" block [ "else" block ] [ goes ]
///                | "def" CMDNAME { NAME } block
///                | block goes
///                | VALUE [ goes ]                  (a word that is one expansion)
///                | "!" TEXT
///                | list
///     goes       = (">" | ">>") WORD | "|" TEXT
///     list       = and { "||" and } ;           and  = piped { "&&" piped }
///     piped      = command [ goes ]
///     command    = PLAIN { WORD }
///     condition  = both { ("||" | "or") both } ; both = test { ("&&" | "and") test }
///     test       = "not" test | operand [ compare WORD ] | command [ (">" | ">>") WORD ]
///     compare    = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~"
///     operand    = WORD beginning with $ or a quote, a number, true, false, null
///     WORD       = { CHAR | "\" any | '…' | "…" | expansion }
///     expansion  = "$" NAME | "$" DIGITS | "${" path [ ":-" WORD ] "}" | "${#" path "}"
///                | "$(" script ")" | "$[" script "]" | "$((" sum "))"
///     path       = (NAME|DIGITS) { "." MEMBER | "[" (DIGITS | "$" NAME) "]" }
///     sum        = product { ("+" | "-") product }
///     product    = atom { ("*" | "/" | "%") atom }
///     atom       = [ "-" ] (NUMBER | expansion | "(" sum ")")
///     CMDNAME    = letter { letter | digit | "_" | "-" }
///     NAME       = letter or "_", then letters, digits and "_"     (`$team-x` is `$team` and `-x`)
///     MEMBER     = letter or "_", then letters, digits, "_" and "-"
///     PLAIN      = WORD of CHARs only
///     TEXT       = up to the end of the statement, for /bin/sh
///
/// Operators are words of their own, unquoted; their characters inside an unquoted word are a
/// mistake, as are control and invisible characters and typographic quotes and dashes there; `]`
/// closes `$[` only as a word of its own. `\` before a newline counts as a blank,
/// also at a word's end. A newline ends a statement, but not after `&&`, `||`, `|`, `>`, `>>`,
/// `let x =`, `for … in`, nor between `if`, `else`, `try` or `for … in …` and its `{`; `else`
/// is on the line of the `}` before it. NEWLINE is LF or CRLF, which counts as LF inside quotes
/// too; a UTF-8 byte order mark at the beginning is skipped.
///
/// After a mistake parsing goes on: a forbidden character is taken as itself, anything else is
/// skipped to the end of its statement, over whole blocks and quotes.
package struct Parser {
  /// Deeper nesting is a mistake: a hostile input must not overflow the stack.
  package static let maximumDepth = 200

  let bytes: [UInt8]
  var position = 0

  var mistakes: [SyntaxMistake] = []
  var closingMistakes: [SyntaxMistake] = []
  var incompleteness: Incompleteness?
  /// Set while skipping the rest of a statement that already has its mistake.
  var isMuted = false
  /// Set when it was said that the source is not UTF-8.
  var hasForeignBytes = false
  /// Set when nesting was too deep and the rest was given up.
  var isAborted = false

  /// What is open around the current position, outermost first.
  var openers: [Opener] = []
  /// How many of `openers` are captures.
  var openCaptures = 0
  /// The quote that was open when the input ended.
  var openQuote = CompletionContext.Quote.none

  /// Set when the input is what is before a cursor.
  let isCompleting: Bool
  /// The command being read; its words are before the cursor if the input ends now.
  var commandInProgress = CompletionContext.WrittenCommand()
  /// Where the input ended: written once, by the innermost reader that met the end.
  var completion: CompletionContext?

  /// What is where, as far as it may stand out on a screen; `nil`: nobody asks.
  var marks: [LineMark]?

  enum Opener {
    case block
    case capture
    case list
    /// The parentheses of a sum, and what is after `:-`.
    case other
  }

  /// Parses the whole of `source`.
  package static func parse(_ source: SourceText) -> ParseResult {
    var parser = Parser(Array(source.text.utf8), isCompleting: false)
    return parser.parse()
  }

  init(_ bytes: [UInt8], isCompleting: Bool) {
    self.bytes = bytes
    self.isCompleting = isCompleting
  }

  mutating func parse() -> ParseResult {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let script = script()
    // A runaway quote swallows braces: what else is open then is a consequence of it.
    let isInQuote = incompleteness == .singleQuote || incompleteness == .doubleQuote
    return ParseResult(
      script: script,
      mistakes: mistakes.sorted { $0.span.lower < $1.span.lower },
      incompleteness: incompleteness,
      closingMistakes: isInQuote ? Array(closingMistakes.prefix(1)) : closingMistakes
    )
  }
}
