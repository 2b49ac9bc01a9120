import DevLakeKit
import ShellLanguage

/// `for`, `if` and `try`.
extension Interpreter {
  func run(_ loop: Loop, in frame: Frame) async throws(Failure) -> ExitCode {
    guard !BuiltInVariables.names.contains(loop.name.value) else {
      throw Checker.taken(loop.name, frame.source)
    }
    var last = ExitCode.success
    for item in try await items(of: loop, in: frame) {
      if Task.isCancelled { return report(.interrupted, in: frame) }
      session.variables[loop.name.value] = item
      let code = await run(loop.body, in: frame)
      if isEnding { return code.isSuccess ? last : code }
      if !code.isSuccess {
        last = code
        if !frame.keepsGoing || code == .interrupted { return code }
      }
    }
    return last
  }

  /// One word: its elements if it is a list; several: the words.
  private func items(of loop: Loop, in frame: Frame) async throws(Failure) -> [Value] {
    let expansion = try await expansion(of: loop.items, in: frame)
    var values: [Value] = []
    for word in loop.items { values.append(try expansion.value(of: word)) }
    guard values.count == 1 else { return values }
    switch values[0] {
    case .data(.array(let elements)): return elements.map(Value.data)
    case .data(.null): return []
    case .data, .secret: return values
    }
  }

  func run(_ conditional: Conditional, in frame: Frame) async throws(Failure) -> ExitCode {
    for branch in conditional.branches where try await holds(branch.condition, in: frame) {
      return await run(branch.body, in: frame)
    }
    guard let otherwise = conditional.otherwise else { return .success }
    return await run(otherwise, in: frame)
  }

  private func holds(_ condition: Condition, in frame: Frame) async throws(Failure) -> Bool {
    switch condition {
    case .either(let left, let right):
      if try await holds(left, in: frame) { return true }
      return try await holds(right, in: frame)
    case .both(let left, let right):
      guard try await holds(left, in: frame) else { return false }
      return try await holds(right, in: frame)
    case .not(let inner): return try await !holds(inner, in: frame)
    case .command(let piped): return try await succeeds(piped, in: frame)
    case .value(let word):
      let value = try await expansion(of: [word], in: frame).typedValue(of: word)
      guard let truth = value.truth else { throw Checker.untrue(value, word, frame.source) }
      return truth
    case .comparison(let left, let sign, let right):
      let expansion = try await expansion(of: [left, right], in: frame)
      let comparison = ValueComparison(
        left: try expansion.typedValue(of: left),
        sign: sign.value,
        right: try expansion.typedValue(of: right)
      )
      guard let outcome = comparison.outcome else {
        throw Checker.incomparable(comparison, at: sign.span, frame.source)
      }
      return outcome
    }
  }

  /// A command that fails in a condition is false, and stops nothing; Ctrl-C and `exit` still do.
  private func succeeds(_ piped: PipedCommand, in frame: Frame) async throws(Failure) -> Bool {
    let inner = frame.guarded
    var code: ExitCode
    do throws(Failure) {
      code = try await run(piped, in: inner)
    } catch {
      code = report(error, in: inner)
    }
    guard code != .interrupted, session.requestedExit == nil else { throw .reported(code) }
    return code.isSuccess
  }

  /// A failure that `else` deals with is not shown: it is in `${error.…}`.
  func run(_ attempt: Attempt, in frame: Frame) async -> ExitCode {
    var inner = frame.guarded
    if attempt.otherwise != nil { inner.isSilent = true }
    let code = await run(attempt.body, in: inner)
    if isEnding || code == .interrupted { return code }
    guard !code.isSuccess, let otherwise = attempt.otherwise else { return .success }
    return await run(otherwise, in: frame)
  }
}
