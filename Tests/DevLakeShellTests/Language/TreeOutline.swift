@testable import DevLakeShell
@testable import ShellLanguage

/// A tree drawn in brackets, so that a test can say what was understood and not only that it was.
///
///     if test 1 and $x > 2 { a }   →   (if (both (run test 1) (> $x 2)) {(run a)})
enum TreeOutline {
  static func of(_ script: Script) -> String {
    script.statements.map(of).joined(separator: " ")
  }

  static func of(_ statement: Statement) -> String {
    switch statement {
    case .assignment(let it):
      "(let\(it.isSecret ? "-secret" : "") \(it.name.value) \(of(it.value)))"
    case .repetition(let it): "(while \(of(it.condition)) \(block(it.body)))"
    case .definition(let it):
      "(def \(([it.name] + it.parameters).map(\.value).joined(separator: " ")) \(block(it.body)))"
    case .block(let it): block(it.body)
    case .value(let word): "(give \(of(word)))"
    case .redirected(let it): of(it.statement, it.destination)
    case .loop(let it):
      "(for \(it.name.value)\(it.second.map { ",\($0.value)" } ?? "") [\(of(it.items))] \(block(it.body)))"
    case .conditional(let it):
      "(if "
        + it.branches.map { "\(of($0.condition)) \(block($0.body))" }.joined(separator: " elif ")
        + (it.otherwise.map { " else \(block($0))" } ?? "") + ")"
    case .attempt(let it):
      "(try \(block(it.body))\(it.otherwise.map { " else \(block($0))" } ?? ""))"
    case .system(let text): "(sh <\(text.value)>)"
    case .list(let list): of(list)
    }
  }

  static func of(_ words: [Word]) -> String { words.map(of).joined(separator: " ") }

  static func of(_ word: Word) -> String {
    word.parts.map { part in
      switch part.kind {
      case .plain(let text, let isEscaped): isEscaped ? "\\\(text)" : text
      case .quoted(let text): "'\(text)'"
      case .variable(let name, let isQuoted): quoted(of(name), isQuoted)
      case .capture(let script, let isQuoted): quoted("$(\(of(script)))", isQuoted)
      case .collection(let script, let isQuoted): quoted("$[\(of(script))]", isQuoted)
      case .sum(let sum, let isQuoted): quoted("$((\(of(sum))))", isQuoted)
      case .length(let name, let isQuoted): quoted("#\(of(name))", isQuoted)
      }
    }.joined(separator: "+")
  }

  private static func of(_ sum: Sum) -> String {
    switch sum {
    case .number(let number): "\(number)"
    case .operand(let part): of(Word(parts: [part], span: part.span))
    case .negated(let inner, _): "(- \(of(inner)))"
    case .chain(let first, let steps):
      "(" + of(first) + steps.map { " \($0.sign.value.rawValue) \(of($0.operand))" }.joined() + ")"
    }
  }

  private static func quoted(_ text: String, _ isQuoted: Bool) -> String {
    isQuoted ? "\"\(text)\"" : text
  }

  private static func of(_ reference: VariableReference) -> String {
    let path = reference.path.map {
      switch $0 {
      case .member(let name): ".\(name)"
      case .index(let index): "[\(index)]"
      case .variable(let name): "[$\(name)]"
      }
    }
    return "$" + reference.name + path.joined()
      + (reference.fallback.map { ":-<\(of($0))>" } ?? "")
  }

  private static func block(_ script: Script) -> String { "{\(of(script))}" }

  private static func of(_ list: CommandList) -> String {
    switch list {
    case .command(let command): of(command)
    case .both(let left, let right): "(and \(of(left)) \(of(right)))"
    case .either(let left, let right): "(or \(of(left)) \(of(right)))"
    }
  }

  private static func of(_ piped: PipedCommand) -> String {
    let words = [piped.command.name.value] + piped.command.words.map(of)
    let command = "(run \(words.joined(separator: " ")))"
    return piped.destination.map { sent(command, to: $0) } ?? command
  }

  private static func of(_ statement: Statement, _ destination: Destination) -> String {
    sent(of(statement), to: destination)
  }

  private static func sent(_ text: String, to destination: Destination) -> String {
    switch destination {
    case .file(let word): "(> \(text) \(of(word)))"
    case .appendedFile(let word): "(>> \(text) \(of(word)))"
    case .pipe(let command): "(pipe \(text) <\(command.value)>)"
    }
  }

  private static func of(_ condition: Condition) -> String {
    switch condition {
    case .either(let left, let right): "(or \(of(left)) \(of(right)))"
    case .both(let left, let right): "(and \(of(left)) \(of(right)))"
    case .not(let inner): "(not \(of(inner)))"
    case .value(let word): "(is \(of(word)))"
    case .comparison(let left, let sign, let right):
      "(\(sign.value.rawValue) \(of(left)) \(of(right)))"
    case .command(let command): of(command)
    }
  }
}
