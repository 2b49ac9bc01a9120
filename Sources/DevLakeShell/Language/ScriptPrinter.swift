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
      text += "for \(loop.name.value) in"
      print(loop.items)
      print(block: loop.body)
    case .conditional(let conditional):
      print(conditional)
    case .attempt(let attempt):
      text += "try"
      print(block: attempt.body)
      print(otherwise: attempt.otherwise)
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
    text += " {\n"
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
    switch piped.destination {
    case nil: break
    case .file(let word)?:
      text += " > "
      print(word)
    case .appendedFile(let word)?:
      text += " >> "
      print(word)
    case .pipe(let command)?:
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
    for part in word.parts { writer.add(part.kind, captures: captured) }
    text += writer.finished
  }

  /// A capture stands on the line of its command, but for the blocks and texts in it.
  private func captured(_ script: Script) -> String {
    var printer = ScriptPrinter()
    printer.depth = depth
    for (index, statement) in script.statements.enumerated() {
      if index > 0 { printer.text += "; " }
      printer.print(statement)
    }
    return "$(\(printer.text))"
  }
}
