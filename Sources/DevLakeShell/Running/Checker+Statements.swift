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
    case .loop(let loop): check(loop)
    case .repetition(let repetition):
      check(repetition.condition)
      loopDepth += 1
      check(repetition.body)
      loopDepth -= 1
    case .definition(let definition): check(definition)
    case .block(let block): check(block.body)
    case .value(let word): check(word)
    case .redirected(let redirected):
      check(redirected.statement)
      check(redirected.destination)
    case .conditional(let conditional):
      for branch in conditional.branches {
        check(branch.condition)
        check(branch.body)
      }
      if let otherwise = conditional.otherwise { check(otherwise) }
    case .attempt(let attempt):
      check(attempt.body)
      if let otherwise = attempt.otherwise { check(otherwise) }
    case .system(let text):
      refuseIfRestricted(.system, at: text.span)
      checkShellText(text)
    }
  }

  private mutating func check(_ loop: Loop) {
    for word in loop.items { check(word) }
    if let first = loop.items.first?.plain, let word = loop.items.first,
      registry[first] != nil || definitions[first] != nil,
      loop.items.count == 1 || loop.items[1].isOptionLike, let last = loop.items.last
    {
      let bytes = Array(frame.source.text.utf8)[word.span.lower..<last.span.upper]
      let written = String(decoding: bytes, as: UTF8.self)
      add(
        "'\(first)' is a word here, and no command",
        at: word.span,
        help: "write $(\(written)) for its result, '\(first)' in quotes for the word"
      )
    }
    define(loop.name)
    if let second = loop.second { define(second) }
    loopDepth += 1
    check(loop.body)
    loopDepth -= 1
  }

  private mutating func check(_ definition: Definition) {
    let name = definition.name
    if registry[name.value] != nil || registry.signatures.isPhraseStart(name.value) {
      add("'\(name.value)' is a command of the shell", at: name.span, help: "choose another name")
    } else if definitions[name.value] != nil, !(allowsAbbreviations && frame.inclusions.isEmpty) {
      add("'\(name.value)' is defined already", at: name.span, help: "choose another name")
    }
    definitions[name.value] = DefinedCommand.signature(of: definition, in: frame.source)
    let borders = (loopDepth, isInDefinition)
    (loopDepth, isInDefinition) = (0, true)
    let before = defined
    for parameter in definition.parameters { define(parameter) }
    check(definition.body)
    // What the body sets is global; its parameters are not.
    for parameter in definition.parameters where !before.contains(parameter.value) {
      defined.remove(parameter.value)
    }
    (loopDepth, isInDefinition) = borders
  }

  /// What `/bin/sh` would take for its own although it looks like the language's.
  private mutating func checkShellText(_ text: Located<String>) {
    mayHaveMadeFiles = true
    for found in ShellVariables(text.value).foreign {
      let start = text.span.lower + found.offset
      let name = found.text.drop { "${".contains($0) }.prefix { $0 != "}" }
      var warning = diagnostic(
        "'\(found.text)' is sh's here: nothing is expanded in its text",
        SourceSpan(lower: start, upper: start + found.text.utf8.count),
        help: "keep it before: let value = ${\(name)}, and write \"$value\" here"
      )
      warning.severity = .warning
      remarks.append(warning)
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
    if let destination = piped.destination { check(destination) }
  }

  private mutating func check(_ destination: Destination) {
    switch destination {
    case .file(let word), .appendedFile(let word):
      check(word)
      mayHaveMadeFiles = true
      refuseIfRestricted(.redirection, at: word.span)
    case .pipe(let text):
      refuseIfRestricted(.pipe, at: text.span)
      checkShellText(text)
    }
  }

  private mutating func check(_ simple: SimpleCommand) {
    for word in simple.words { check(word) }
    // What cannot be read is one mistake already.
    guard !unreadable.touches(simple.span) else { return }
    var binder = Binder(
      registry: registry.signatures,
      source: frame.source,
      expand: { (_, _) throws(Failure) in nil },
      allowsAbbreviations: allowsAbbreviations && frame.inclusions.isEmpty,
      isRestricted: isRestricted,
      definitions: definitions
    )
    binder.suggestions = suggestions
    binder.serverPlugins = serverPlugins
    if looseDefinitions.contains(simple.name.value), registry[simple.name.value] == nil { return }
    var failures: [Failure] = []
    let bound = binder.bind(simple, &failures)
    for failure in failures { add(failure.diagnostic) }
    guard let call = bound else { return }
    if call.signature.name == "connect"
      || ["url", "instance"].contains(where: { call.option($0) != nil })
    {
      namesInstance = true
    }
    checkConsequences(of: simple, call, binder)
  }

  /// What a command brings with it: another script, a child, another command.
  private mutating func checkConsequences(
    of simple: SimpleCommand,
    _ call: Call,
    _ binder: Binder
  ) {
    if call.signature.includesScript {
      include(call)
      mayHaveMadeFiles = true
    }
    checkLeaving(call)
    checkKnownValues(call)
    for mistake in registry[call.signature.name]?.mistakes(in: call) ?? [] {
      add(mistake.diagnostic)
    }
    var known: [Failure] = []
    guard let inner = call.inner, let call = binder.bind(inner, &known) else { return }
    checkConsequences(of: inner, call, binder)
  }

  /// Checks the script behind a literal path; any other is checked when it is about to run.
  private mutating func include(_ call: Call) {
    guard let file = call.argument("FILE"), file.value != nil else { return }
    let path = ScriptLibrary.path(file.text, from: frame.source, world)
    do throws(Failure) {
      let entry = try library.load(path, in: world.workingDirectory)
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
      case .capture(let script, _), .collection(let script, _):
        let borders = (loopDepth, isInDefinition)
        (loopDepth, isInDefinition) = (0, false)
        check(script)
        (loopDepth, isInDefinition) = borders
      case .variable(let reference, _), .length(let reference, _):
        check(reference, at: part.span)
        if let fallback = reference.fallback { check(fallback) }
        for case .variable(let name) in reference.path {
          check(VariableReference(name: name, path: []), at: part.span)
        }
      case .sum(let sum, _): check(sum)
      }
    }
  }

  private mutating func check(_ sum: Sum) {
    switch sum {
    case .number: break
    case .operand(let part): check(Word(parts: [part], span: part.span))
    case .negated(let inner, _): check(inner)
    case .chain(let first, let steps):
      check(first)
      for step in steps {
        check(step.operand)
        if case .number(0) = step.operand, step.sign.value == .over || step.sign.value == .modulo {
          add("division by zero", at: step.sign.span)
        }
      }
    }
  }
}
