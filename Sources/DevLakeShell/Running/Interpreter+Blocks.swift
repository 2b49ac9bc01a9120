import DevLakeKit
import ShellLanguage

/// `for`, `while`, `if` and `try`.
extension Interpreter {
  func run(_ loop: Loop, in frame: Frame) async throws(Failure) -> ExitCode {
    for name in [loop.name, loop.second].compactMap(\.self)
    where BuiltInVariables.names.contains(name.value) {
      throw Checker.taken(name, frame.source)
    }
    var last = ExitCode.success
    for item in try await items(of: loop, in: frame) {
      set(loop.name.value, item.first, isForeign: item.isForeign, in: frame)
      if let second = loop.second, let value = item.second {
        set(second.value, value, isForeign: item.isForeign, in: frame)
      }
      if await ends(loop.body, &last, in: frame) { break }
    }
    return last
  }

  func run(_ repetition: Repetition, in frame: Frame) async throws(Failure) -> ExitCode {
    var last = ExitCode.success
    while try await holds(repetition.condition, in: frame) {
      if await ends(repetition.body, &last, in: frame) { break }
      // A loop that asks nobody must let a signal in.
      await Task.yield()
    }
    return last
  }

  /// Runs one round of a loop; tells whether it was the last.
  private func ends(_ body: Script, _ last: inout ExitCode, in frame: Frame) async -> Bool {
    if Task.isCancelled {
      last = report(.interrupted, in: frame)
      return true
    }
    var inner = frame
    inner.isTried = false
    let code = await run(body, in: inner)
    switch session.leaving {
    case .round?: session.hasLeft()
    case .loop?:
      session.hasLeft()
      return true
    case .definition?, nil: break
    }
    if !code.isSuccess { last = code }
    return isEnding || (!code.isSuccess && (!frame.keepsGoing || code == .interrupted))
  }

  /// What one round of a loop is about.
  private struct Item {
    var first: Value
    var second: Value?
    /// Whether it came from outside the script.
    var isForeign: Bool
  }

  /// One word: its elements if it is a list, its entries if it is a record and there are two names;
  /// several: the words.
  private func items(of loop: Loop, in frame: Frame) async throws(Failure) -> [Item] {
    let expansion = try await expansion(of: loop.items, in: frame)
    var items: [Item] = []
    for word in loop.items {
      items.append(
        Item(first: try expansion.value(of: word), isForeign: expansion.isForeign(word))
      )
    }
    guard items.count == 1, let word = loop.items.first else { return items }
    let isForeign = items[0].isForeign
    switch items[0].first {
    case .data(.array(let elements)):
      return elements.enumerated().map { index, element in
        let value = session.heldSecrets.value(element)
        return loop.second == nil
          ? Item(first: value, isForeign: isForeign)
          : Item(first: .data(.integer(index)), second: value, isForeign: isForeign)
      }
    case .data(.object(let record)) where loop.second != nil:
      return record.members.map {
        Item(
          first: .text($0.key),
          second: session.heldSecrets.value($0.value),
          isForeign: isForeign
        )
      }
    case .data(.null): return []
    case let value:
      guard let second = loop.second else { return items }
      throw expansion.failure(
        "two names need a record or a list, not \(value.kindName)",
        at: word.span,
        help: "for \(loop.name.value) in … { … } instead of '\(loop.name.value), \(second.value)'"
      )
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

  /// A command's success; its result goes nowhere.
  ///
  /// It is false by a verdict alone: a result that is not a success, or something that is not there. Any
  /// other failure is no answer and stops the script as it would outside a condition.
  private func succeeds(_ piped: PipedCommand, in frame: Frame) async throws(Failure) -> Bool {
    var inner = frame.guarded
    inner.results = .none
    inner.isCondition = true
    let code: ExitCode
    do throws(Failure) {
      code = try await run(piped, in: inner)
    } catch {
      guard !error.isReported, error.diagnostic.code == .notFound, error.exitCode == .failure else {
        throw error
      }
      report(error, in: inner)
      return false
    }
    let verdict = session.outcome.takeVerdict()
    guard !isEnding else { throw .reported(code) }
    if code.isSuccess { return true }
    let isAnswer = session.outcome.isVerdict || session.outcome.error?.code == .notFound
    let isVerdict = code == .failure || code == .partial || code.rawValue == 6
    guard isAnswer, isVerdict else {
      if let verdict, !frame.isSilent { draw([verdict.diagnostic], as: verdict.format) }
      throw .reported(code)
    }
    // What was left out of the result is no verdict, and is said.
    if code == .partial, let verdict, verdict.diagnostic.code != .testFailed, !frame.isSilent {
      draw([verdict.diagnostic], as: verdict.format)
    }
    return false
  }

  /// A failure that `else` deals with is not shown: it is in `${error.…}`.
  func run(_ attempt: Attempt, in frame: Frame) async -> ExitCode {
    var inner = frame.guarded
    inner.isTried = true
    if attempt.otherwise != nil { inner.isSilent = true }
    let code = await run(attempt.body, in: inner)
    if isEnding || code == .interrupted { return code }
    guard !code.isSuccess, let otherwise = attempt.otherwise else { return .success }
    return await run(otherwise, in: frame)
  }
}
