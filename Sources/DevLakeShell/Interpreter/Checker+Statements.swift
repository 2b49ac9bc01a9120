import DevLakeKit
import ShellLanguage

/// What each form of statement can get wrong.
extension Checker {
  mutating func check(_ script: Script) {
    depth += 1
    defer { depth -= 1 }
    for statement in script.statements { check(statement) }
  }

  private mutating func check(_ statement: Statement) {
    switch statement {
    case .assignment(let assignment): check(assignment)
    case .list(let list): check(list)
    case .loop(let loop):
      for word in loop.items { check(word) }
      define(loop.name)
      check(loop.body)
    case .conditional(let conditional):
      for branch in conditional.branches {
        check(branch.condition)
        check(branch.body)
      }
      if let otherwise = conditional.otherwise { check(otherwise) }
    case .attempt(let attempt):
      check(attempt.body)
      if let otherwise = attempt.otherwise { check(otherwise) }
    case .system(let text): refuseIfRestricted(.system, at: text.span)
    }
  }

  private mutating func check(_ assignment: Assignment) {
    check(assignment.value)
    define(assignment.name)
    guard assignment.isSecret else { return }
    if let literal = assignment.value.literal {
      do throws(SecretReferenceError) {
        _ = try SecretReference(literal)
      } catch {
        add("let --secret: \(error.description)", at: assignment.value.span)
      }
    }
    if SecretWord.isCommand(assignment.value, as: .secret) {
      refuseIfRestricted(.secretCommand, at: assignment.value.span)
    }
    if let part = CommandReference.misplacedPart(in: assignment.value, as: .secret) {
      add(CommandReference.misplaced(part, in: frame.source).diagnostic)
    }
  }

  private mutating func define(_ name: Located<String>) {
    if BuiltInVariables.names.contains(name.value) {
      add(Self.taken(name, frame.source).diagnostic)
    }
    defined.insert(name.value)
  }

  private mutating func check(_ list: CommandList) {
    switch list {
    case .command(let piped): check(piped)
    case .both(let left, let right), .either(let left, let right):
      check(left)
      check(right)
    }
  }

  private mutating func check(_ condition: Condition) {
    switch condition {
    case .either(let left, let right), .both(let left, let right):
      check(left)
      check(right)
    case .not(let inner): check(inner)
    case .command(let piped): check(piped)
    case .value(let word):
      check(word)
      if let value = Self.literalValue(of: word), value.truth == nil {
        add(Self.untrue(value, word, frame.source).diagnostic)
      }
    case .comparison(let left, let sign, let right):
      check(left)
      check(right)
      guard let left = Self.literalValue(of: left), let right = Self.literalValue(of: right)
      else { return }
      let comparison = ValueComparison(left: left, sign: sign.value, right: right)
      if comparison.outcome == nil {
        add(Self.incomparable(comparison, at: sign.span, frame.source).diagnostic)
      }
    }
  }

  private mutating func check(_ piped: PipedCommand) {
    check(piped.command)
    switch piped.destination {
    case nil: break
    case .file(let word)?, .appendedFile(let word)?:
      check(word)
      refuseIfRestricted(.redirection, at: word.span)
    case .pipe(let text)?: refuseIfRestricted(.pipe, at: text.span)
    }
  }

  private mutating func check(_ simple: SimpleCommand) {
    for word in simple.words { check(word) }
    // What cannot be read is one mistake already.
    guard
      !unreadable.contains(where: { simple.span.lower <= $0.upper && $0.lower <= simple.span.upper }
      )
    else { return }
    let binder = Binder(
      registry: registry,
      source: frame.source,
      expand: { (_, _) throws(Failure) in nil },
      allowsAbbreviations: allowsAbbreviations && frame.inclusions.isEmpty,
      isRestricted: isRestricted
    )
    var failures: [Failure] = []
    let bound = binder.bind(simple, &failures)
    for failure in failures { add(failure.diagnostic) }
    guard let (command, call) = bound else { return }
    checkConsequences(of: simple, command, call, binder)
  }

  /// What a command brings with it: another script, a child, another command.
  private mutating func checkConsequences(
    of simple: SimpleCommand,
    _ command: any Command,
    _ call: Call,
    _ binder: Binder
  ) {
    if command.signature.name == IncludeCommand.name { include(call) }
    for mistake in command.mistakes(in: call) { add(mistake.diagnostic) }
    var known: [Failure] = []
    guard let inner = call.inner, let (command, call) = binder.bind(inner, &known) else { return }
    checkConsequences(of: inner, command, call, binder)
  }

  /// Checks the script behind a literal path; any other is checked when it is about to run.
  private mutating func include(_ call: Call) {
    guard let file = call.argument("FILE"), file.value != nil else { return }
    let path = ScriptLibrary.path(file.text, from: frame.source)
    do throws(Failure) {
      let entry = try library.load(path, in: folder)
      try Self.refuseEndless(path, entry, file, in: frame, depth: depth)
      var inner = frame
      inner.inclusions.insert(Diagnostic.Inclusion(source: frame.source, span: file.span), at: 0)
      inner.running.append(entry.identity)
      let before = mistakes
      mistakes = []
      check(entry.source, entry.parsed, in: inner, arguments: call.all(argument: "ARG").count)
      found += mistakes.map { (file.span.lower, $0) }
      mistakes = before
    } catch {
      add(error.placed(at: file.span, in: file.source).diagnostic)
    }
  }

  private mutating func check(_ word: Word) {
    for part in word.parts {
      switch part.kind {
      case .plain, .quoted: continue
      case .capture(let script, _): check(script)
      case .variable(let reference, _): check(reference, at: part.span)
      }
    }
  }
}
