/// Writes a tree back as text that parses to the same tree.
///
/// Comments and the writer's layout are gone; every quoted text comes back quoted, every plain one
/// plain, so that options stay options.
package struct ScriptPrinter {
  private(set) var text = ""
  private var depth = 0

  package static func print(_ script: Script) -> String {
    var printer = ScriptPrinter()
    for statement in script.statements {
      printer.print(statement)
      printer.text += "\n"
    }
    return printer.text
  }

  package static func print(_ word: Word) -> String {
    var printer = ScriptPrinter()
    printer.print(word)
    return printer.text
  }

  private mutating func print(_ statement: Statement) {
    switch statement {
    case .assignment(let assignment):
      text += "let \(assignment.isSecret ? "--secret " : "")\(assignment.name.value) = "
      print(assignment.value)
    case .loop(let loop):
      text += "for \(loop.name.value)\(loop.second.map { ", \($0.value)" } ?? "") in"
      print(loop.items)
      print(block: loop.body)
    case .conditional(let conditional):
      print(conditional)
    case .attempt(let attempt):
      text += "try"
      print(block: attempt.body)
      print(otherwise: attempt.otherwise)
    case .repetition(let repetition):
      text += "while "
      print(repetition.condition)
      print(block: repetition.body)
    case .definition(let definition):
      text += "def \(definition.name.value)"
      for parameter in definition.parameters { text += " \(parameter.value)" }
      print(block: definition.body)
    case .block(let block):
      print(braces: block.body)
    case .value(let word):
      print(word)
    case .redirected(let redirected):
      print(redirected.statement)
      print(redirected.destination)
    case .system(let command):
      text += "!\(command.value)"
    case .list(let list):
      print(list)
    }
  }

  private mutating func print(_ conditional: Conditional) {
    for (index, branch) in conditional.branches.enumerated() {
      text += index == 0 ? "if " : " else if "
      print(branch.condition)
      print(block: branch.body)
    }
    print(otherwise: conditional.otherwise)
  }

  private mutating func print(otherwise: Script?) {
    guard let otherwise else { return }
    text += " else"
    print(block: otherwise)
  }

  private mutating func print(block: Script) {
    text += " "
    print(braces: block)
  }

  private mutating func print(braces block: Script) {
    text += "{\n"
    depth += 1
    for statement in block.statements {
      indent()
      print(statement)
      text += "\n"
    }
    depth -= 1
    indent()
    text += "}"
  }

  private mutating func indent() { text += String(repeating: "  ", count: depth) }

  private mutating func print(_ condition: Condition) {
    switch condition {
    case .either(let left, let right):
      print(left)
      text += " || "
      print(right)
    case .both(let left, let right):
      print(left)
      text += " && "
      print(right)
    case .not(let inner):
      text += "not "
      print(inner)
    case .value(let word):
      print(word)
    case .comparison(let left, let sign, let right):
      print(left)
      text += " \(sign.value.rawValue) "
      print(right)
    case .command(let command):
      print(command)
    }
  }

  private mutating func print(_ list: CommandList) {
    switch list {
    case .command(let command):
      print(command)
    case .both(let left, let right):
      print(left)
      text += " && "
      print(right)
    case .either(let left, let right):
      print(left)
      text += " || "
      print(right)
    }
  }

  private mutating func print(_ piped: PipedCommand) {
    text += piped.command.name.value
    print(piped.command.words)
    if let destination = piped.destination { print(destination) }
  }

  private mutating func print(_ destination: Destination) {
    switch destination {
    case .file(let word):
      text += " > "
      print(word)
    case .appendedFile(let word):
      text += " >> "
      print(word)
    case .pipe(let command):
      text += " | \(command.value)"
    }
  }

  private mutating func print(_ words: [Word]) {
    for word in words {
      text += " "
      print(word)
    }
  }

  private mutating func print(_ word: Word) {
    var writer = WordWriter()
    for part in word.parts { writer.add(part.kind, written: written(_:)) }
    text += writer.finished
  }

  /// An expansion other than a bare `$name`.
  private func written(_ kind: Word.Kind) -> String {
    switch kind {
    case .plain, .quoted: ""
    case .variable(let reference, _): braced(reference, "")
    case .length(let reference, _): braced(reference, "#")
    case .capture(let script, _): "$(\(inOneLine(script)))"
    case .collection(let script, _): "$[ \(inOneLine(script)) ]"
    case .sum(let sum, _): "$(( \(written(sum, isWhole: true)) ))"
    }
  }

  /// A capture is on the line of its command, but for the blocks and texts in it.
  private func inOneLine(_ script: Script) -> String {
    var printer = ScriptPrinter()
    printer.depth = depth
    for (index, statement) in script.statements.enumerated() {
      if index > 0 { printer.text += "; " }
      printer.print(statement)
    }
    return printer.text
  }

  private func written(_ sum: Sum, isWhole: Bool) -> String {
    switch sum {
    case .number(let number): return String(number)
    case .operand(let part):
      var writer = WordWriter()
      writer.add(part.kind, written: written(_:))
      return writer.finished
    case .negated(.negated(let inner, let span), _):
      return "-(\(written(.negated(inner, span), isWhole: true)))"
    case .negated(let inner, _): return "-\(written(inner, isWhole: false))"
    case .chain(let first, let steps):
      // Operators of two ranks are written with all their parentheses.
      let rank = steps.first.map { $0.sign.value.isProduct } ?? false
      func operand(_ sum: Sum) -> String {
        guard !rank, case .chain(_, let inner) = sum, inner.first?.sign.value.isProduct == true
        else { return written(sum, isWhole: false) }
        return written(sum, isWhole: true)
      }
      var text = operand(first)
      for step in steps { text += " \(step.sign.value.rawValue) \(operand(step.operand))" }
      return isWhole ? text : "(\(text))"
    }
  }

  private func braced(_ reference: VariableReference, _ sign: String) -> String {
    var text = "${\(sign)\(reference.name)"
    for step in reference.path {
      switch step {
      case .member(let name): text += ".\(name)"
      case .index(let index): text += "[\(index)]"
      case .variable(let name): text += "[$\(name)]"
      }
    }
    if let fallback = reference.fallback { text += ":-\(written(fallback))" }
    return text + "}"
  }

  private func written(_ fallback: Word) -> String {
    var writer = WordWriter()
    for part in fallback.parts { writer.add(part.kind, written: written(_:)) }
    return writer.finished
  }
}

extension Sum.Operator {
  /// Whether it binds tighter than plus and minus.
  fileprivate var isProduct: Bool {
    switch self {
    case .times, .over, .modulo: true
    case .plus, .minus: false
    }
  }
}
