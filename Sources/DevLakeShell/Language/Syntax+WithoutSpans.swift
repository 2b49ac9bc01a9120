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
    case .loop(let loop):
      .loop(
        Loop(
          name: loop.name.withoutSpans,
          items: loop.items.map(\.withoutSpans),
          body: loop.body.withoutSpans,
          span: .zero
        )
      )
    case .conditional(let conditional):
      .conditional(
        Conditional(
          branches: conditional.branches.map {
            Conditional.Branch(
              condition: $0.condition.withoutSpans,
              body: $0.body.withoutSpans
            )
          },
          otherwise: conditional.otherwise?.withoutSpans,
          span: .zero
        )
      )
    case .attempt(let attempt):
      .attempt(
        Attempt(
          body: attempt.body.withoutSpans,
          otherwise: attempt.otherwise?.withoutSpans,
          span: .zero
        )
      )
    case .system(let command): .system(command.withoutSpans)
    case .list(let list): .list(list.withoutSpans)
    }
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
    let destination: Destination? =
      switch destination {
      case nil: nil
      case .file(let word)?: .file(word.withoutSpans)
      case .appendedFile(let word)?: .appendedFile(word.withoutSpans)
      case .pipe(let text)?: .pipe(text.withoutSpans)
      }
    return PipedCommand(
      command: SimpleCommand(
        name: command.name.withoutSpans,
        words: command.words.map(\.withoutSpans),
        span: .zero
      ),
      destination: destination
    )
  }
}

extension Word {
  /// The same word with every place at zero.
  var withoutSpans: Word {
    Word(parts: parts.map { Part(kind: $0.kind.withoutSpans, span: .zero) }, span: .zero)
  }
}

extension Word.Kind {
  fileprivate var withoutSpans: Word.Kind {
    guard case .capture(let script, let isQuoted) = self else { return self }
    return .capture(script.withoutSpans, isQuoted: isQuoted)
  }
}
