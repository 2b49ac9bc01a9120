import DevLakeKit
import ShellLanguage

/// Runs statements against a session, and writes what they come to.
///
/// It does not know where they came from: a person, a file, arguments and a pipe run alike.
struct Interpreter {
  let registry: CommandRegistry
  var session: Session
  let console: Console
  /// How results and messages are drawn.
  let results: Medium
  let messages: Medium
  /// Whether the shell goes on after a failed command.
  var keepsGoing = false
  /// Whether a unique beginning of a command's name is enough; never in an included file.
  var allowsAbbreviations = false
  /// What is kept from one diagnostic to the next.
  let drawn = DrawnDiagnostics()

  /// Runs the statements in order; stops at the first failure unless the frame keeps going.
  ///
  /// - Returns: The code of the last statement that failed, or success.
  func run(_ script: Script, in frame: Frame) async -> ExitCode {
    var last = ExitCode.success
    for (index, statement) in script.statements.enumerated() {
      if Task.isCancelled { return report(.interrupted, in: frame) }
      var inner = frame
      inner.isTried = frame.isTried && index == script.statements.count - 1
      let code = await run(statement, in: inner)
      tellVerdict(code, in: inner)
      if isEnding { return code.isSuccess ? last : code }
      if !code.isSuccess {
        last = code
        if !frame.keepsGoing || code == .interrupted { return code }
      }
    }
    return last
  }

  /// Whether nothing more is to run here: `exit`, `break`, `continue` or `return` was called, or
  /// nobody reads the results any more.
  var isEnding: Bool {
    session.requestedExit != nil || session.leaving != nil || console.isReaderGone
  }

  private func run(_ statement: Statement, in frame: Frame) async -> ExitCode {
    var code: ExitCode
    do throws(Failure) {
      switch statement {
      case .loop(let loop): return try await run(loop, in: frame)
      case .conditional(let conditional): return try await run(conditional, in: frame)
      case .repetition(let repetition): return try await run(repetition, in: frame)
      case .attempt(let attempt): return await run(attempt, in: frame)
      case .block(let block): return await run(block.body, in: frame)
      case .redirected(let redirected): return try await run(redirected, in: frame)
      case .definition(let definition):
        define(definition, in: frame)
        return .success
      case .value(let word): code = try await give(word, in: frame)
      case .list(let list): code = try await run(list, in: frame)
      case .assignment(let assignment): code = try await assign(assignment, in: frame)
      case .system(let text): code = try await runSystem(text, in: frame)
      }
    } catch {
      code = report(error, in: frame)
    }
    frame.statementCounts.ran += 1
    if !code.isSuccess { frame.statementCounts.failed += 1 }
    return code
  }

  private func assign(_ assignment: Assignment, in frame: Frame) async throws(Failure) -> ExitCode {
    let name = assignment.name
    guard !BuiltInVariables.names.contains(name.value) else {
      throw Checker.taken(name, frame.source)
    }
    let expansion = try await expansion(of: [assignment.value], in: frame)
    let value =
      assignment.isSecret
      ? try await secret(assignment, expansion) : try expansion.typedValue(of: assignment.value)
    set(name.value, value, isForeign: expansion.isForeign(assignment.value), in: frame)
    return .success
  }

  /// Gives a variable its value; a parameter of the definition that runs is its own.
  func set(_ name: String, _ value: Value, isForeign: Bool, in frame: Frame) {
    if let locals = frame.locals, locals.values[name] != nil {
      return locals.set(name, value, isForeign: isForeign)
    }
    session.set(name, value, isForeign: isForeign)
  }

  /// `$x`: the value is the result.
  private func give(_ word: Word, in frame: Frame) async throws(Failure) -> ExitCode {
    let value = try await expansion(of: [word], in: frame).value(of: word)
    var output = Output(echoing: [value])
    if let given = frame.selectedFields, output.records.contains(where: { $0.object != nil }) {
      let names = try FieldNames.read(given)
      do throws(UnknownField) {
        output = try output.selecting(names)
      } catch {
        throw .unknownField(error, at: given)
      }
    }
    output.isSafe = frame.isSafe
    show(output, as: session.format, in: frame)
    return .success
  }

  /// What a reference of `let --secret` leads to; a secret stays one.
  private func secret(
    _ assignment: Assignment,
    _ expansion: Expansion
  ) async throws(Failure) -> Value {
    let word = assignment.value
    var value = try expansion.value(of: word, as: .secret)
    let given = ArgumentValue(value: value, span: word.span, source: expansion.frame.source)
    let subject = "let --secret"
    value = try SecretWord.checked(value, of: word, as: .secret, named: subject, at: given)
    guard case .data = value else { return value }
    do throws(Failure) {
      return .secret(
        try await session.secret(
          reference: value.text ?? "",
          subject: "$\(assignment.name.value)",
          flag: subject,
          question: "\(assignment.name.value): "
        )
      )
    } catch {
      throw error.placed(at: word.span, in: expansion.frame.source)
    }
  }

  /// What words mean, after the `$( … )` in them have run, from left to right.
  func expansion(of words: [Word], in frame: Frame) async throws(Failure) -> Expansion {
    var expansion = Expansion(session: session, frame: frame)
    for word in words {
      for part in word.parts { try await runCaptures(in: part, for: &expansion) }
    }
    return expansion
  }

  private func runCaptures(
    in part: Word.Part,
    for expansion: inout Expansion
  ) async throws(Failure) {
    switch part.kind {
    case .plain, .quoted, .length: return
    case .capture(let script, _):
      expansion.captured[part.span] = .data(
        try await capture(script, isList: false, in: expansion.frame)
      )
    case .collection(let script, _):
      expansion.captured[part.span] = .data(
        try await capture(script, isList: true, in: expansion.frame)
      )
    case .sum(let sum, _): try await runCaptures(in: sum, for: &expansion)
    case .variable(let reference, _):
      // What a default needs is found only where it is in.
      guard let fallback = reference.fallback, expansion.isAbsent(reference, at: part.span) else {
        return
      }
      for part in fallback.parts { try await runCaptures(in: part, for: &expansion) }
    }
  }

  private func runCaptures(
    in sum: Sum,
    for expansion: inout Expansion
  ) async throws(Failure) {
    switch sum {
    case .number: return
    case .operand(let part): try await runCaptures(in: part, for: &expansion)
    case .negated(let inner, _): try await runCaptures(in: inner, for: &expansion)
    case .chain(let first, let steps):
      try await runCaptures(in: first, for: &expansion)
      for step in steps { try await runCaptures(in: step.operand, for: &expansion) }
    }
  }

  private func capture(
    _ script: Script,
    isList: Bool,
    in frame: Frame
  ) async throws(Failure) -> JSONValue {
    let values = CollectedValues(isList: isList)
    var inner = frame.guarded
    inner.isCondition = false
    inner.results = .values(values)
    (inner.selectedFields, inner.isSafe) = (nil, false)
    let code = await run(script, in: inner)
    guard code.isSuccess, session.requestedExit == nil else { throw .reported(code) }
    return values.value
  }
}
