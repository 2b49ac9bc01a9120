/// The same tree with every place at zero, to compare what was written without where.
extension Script {
  var withoutSpans: Script { Script(statements: statements.map(\.withoutSpans)) }
}

extension SourceSpan {
  fileprivate static let zero = SourceSpan(lower: 0, upper: 0)
}

extension Located {
  fileprivate var withoutSpans: Located { Located(value: value, span: .zero) }
}

extension Statement {
  fileprivate var withoutSpans: Statement {
    switch self {
    case .assignment(let assignment):
      .assignment(
        Assignment(
          name: assignment.name.withoutSpans,
          isSecret: assignment.isSecret,
          value: assignment.value.withoutSpans,
          span: .zero
        )
      )
    case .loop(let loop): .loop(loop.withoutSpans)
    case .repetition(let repetition):
      .repetition(
        Repetition(
          condition: repetition.condition.withoutSpans,
          body: repetition.body.withoutSpans,
          span: .zero
        )
      )
    case .conditional(let conditional): .conditional(conditional.withoutSpans)
    case .attempt(let attempt):
      .attempt(
        Attempt(
          body: attempt.body.withoutSpans,
          otherwise: attempt.otherwise?.withoutSpans,
          span: .zero
        )
      )
    case .definition(let definition):
      .definition(
        Definition(
          name: definition.name.withoutSpans,
          parameters: definition.parameters.map(\.withoutSpans),
          body: definition.body.withoutSpans,
          span: .zero
        )
      )
    case .block(let block): .block(Block(body: block.body.withoutSpans, span: .zero))
    case .value(let word): .value(word.withoutSpans)
    case .redirected(let redirected):
      .redirected(
        Redirected(
          statement: redirected.statement.withoutSpans,
          destination: redirected.destination.withoutSpans,
          span: .zero
        )
      )
    case .system(let command): .system(command.withoutSpans)
    case .list(let list): .list(list.withoutSpans)
    }
  }
}

extension Loop {
  fileprivate var withoutSpans: Loop {
    Loop(
      name: name.withoutSpans,
      second: second?.withoutSpans,
      items: items.map(\.withoutSpans),
      body: body.withoutSpans,
      span: .zero
    )
  }
}

extension Conditional {
  fileprivate var withoutSpans: Conditional {
    Conditional(
      branches: branches.map {
        Branch(condition: $0.condition.withoutSpans, body: $0.body.withoutSpans)
      },
      otherwise: otherwise?.withoutSpans,
      span: .zero
    )
  }
}

extension Condition {
  fileprivate var withoutSpans: Condition {
    switch self {
    case .either(let left, let right): .either(left.withoutSpans, right.withoutSpans)
    case .both(let left, let right): .both(left.withoutSpans, right.withoutSpans)
    case .not(let inner): .not(inner.withoutSpans)
    case .value(let word): .value(word.withoutSpans)
    case .comparison(let left, let sign, let right):
      .comparison(left.withoutSpans, sign.withoutSpans, right.withoutSpans)
    case .command(let command): .command(command.withoutSpans)
    }
  }
}

extension CommandList {
  fileprivate var withoutSpans: CommandList {
    switch self {
    case .command(let command): .command(command.withoutSpans)
    case .both(let left, let right): .both(left.withoutSpans, right.withoutSpans)
    case .either(let left, let right): .either(left.withoutSpans, right.withoutSpans)
    }
  }
}

extension PipedCommand {
  fileprivate var withoutSpans: PipedCommand {
    PipedCommand(
      command: SimpleCommand(
        name: command.name.withoutSpans,
        words: command.words.map(\.withoutSpans),
        span: .zero
      ),
      destination: destination?.withoutSpans
    )
  }
}

extension Destination {
  fileprivate var withoutSpans: Destination {
    switch self {
    case .file(let word): .file(word.withoutSpans)
    case .appendedFile(let word): .appendedFile(word.withoutSpans)
    case .pipe(let text): .pipe(text.withoutSpans)
    }
  }
}

extension Word {
  /// The same word with every place at zero.
  var withoutSpans: Word { Word(parts: parts.map(\.withoutSpans), span: .zero) }
}

extension Word.Part {
  fileprivate var withoutSpans: Word.Part {
    Word.Part(kind: kind.withoutSpans, span: .zero)
  }
}

extension Word.Kind {
  fileprivate var withoutSpans: Word.Kind {
    switch self {
    case .plain, .quoted: self
    case .variable(let reference, let isQuoted):
      .variable(reference.withoutSpans, isQuoted: isQuoted)
    case .length(let reference, let isQuoted): .length(reference.withoutSpans, isQuoted: isQuoted)
    case .capture(let script, let isQuoted): .capture(script.withoutSpans, isQuoted: isQuoted)
    case .collection(let script, let isQuoted):
      .collection(script.withoutSpans, isQuoted: isQuoted)
    case .sum(let sum, let isQuoted): .sum(sum.withoutSpans, isQuoted: isQuoted)
    }
  }
}

extension VariableReference {
  fileprivate var withoutSpans: VariableReference {
    VariableReference(name: name, path: path, fallback: fallback?.withoutSpans)
  }
}

extension Sum {
  fileprivate var withoutSpans: Sum {
    switch self {
    case .number: self
    case .operand(let part): .operand(part.withoutSpans)
    case .negated(let sum, _): .negated(sum.withoutSpans, .zero)
    case .chain(let first, let steps):
      .chain(
        first.withoutSpans,
        steps.map { Step(sign: $0.sign.withoutSpans, operand: $0.operand.withoutSpans) }
      )
    }
  }
}
