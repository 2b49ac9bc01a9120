import DevLakeKit
import ShellLanguage

/// Runs statements against a session, and writes what they come to.
///
/// It does not know where they came from: a person, a file, arguments and a pipe run alike.
struct Interpreter {
  let registry: CommandRegistry
  let session: Session
  let console: Console
  /// How results and messages are drawn.
  let results: Medium
  let messages: Medium
  /// Whether the shell goes on after a failed command.
  var keepsGoing = false
  /// Whether a unique beginning of a command's name is enough; never in an included file.
  var allowsAbbreviations = false

  /// Runs the statements in order; stops at the first failure unless the frame keeps going.
  ///
  /// - Returns: The code of the last statement that failed, or success.
  func run(_ script: Script, in frame: Frame) async -> ExitCode {
    var last = ExitCode.success
    for statement in script.statements {
      if Task.isCancelled { return report(.interrupted, in: frame) }
      let code = await run(statement, in: frame)
      if isEnding { return code.isSuccess ? last : code }
      if !code.isSuccess {
        last = code
        if !frame.keepsGoing || code == .interrupted { return code }
      }
    }
    return last
  }

  /// Whether nothing more is to run: `exit` was called, or nobody reads the results any more.
  var isEnding: Bool { session.requestedExit != nil || console.isReaderGone }

  private func run(_ statement: Statement, in frame: Frame) async -> ExitCode {
    var code: ExitCode
    do throws(Failure) {
      switch statement {
      case .loop(let loop): return try await run(loop, in: frame)
      case .conditional(let conditional): return try await run(conditional, in: frame)
      case .attempt(let attempt): return await run(attempt, in: frame)
      case .list(let list): code = try await run(list, in: frame)
      case .assignment(let assignment): code = try await assign(assignment, in: frame)
      case .system(let text): code = try await runSystem(text, in: frame)
      }
    } catch {
      code = report(error, in: frame)
    }
    frame.tally.ran += 1
    if !code.isSuccess { frame.tally.failed += 1 }
    return code
  }

  private func assign(_ assignment: Assignment, in frame: Frame) async throws(Failure) -> ExitCode {
    let name = assignment.name
    guard !BuiltInVariables.names.contains(name.value) else {
      throw Checker.taken(name, frame.source)
    }
    let expansion = try await expansion(of: [assignment.value], in: frame)
    if assignment.isSecret {
      session.variables[name.value] = try await secret(assignment, expansion)
    } else {
      session.variables[name.value] = try expansion.typedValue(of: assignment.value)
    }
    return .success
  }

  /// What a reference of `let --secret` leads to; a secret stays one.
  private func secret(
    _ assignment: Assignment,
    _ expansion: Expansion
  ) async throws(Failure) -> Value {
    let word = assignment.value
    var value = try expansion.value(of: word, as: .secret)
    let given = Given(value: value, span: word.span, source: expansion.frame.source)
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
      for part in word.parts {
        guard case .capture(let script, _) = part.kind else { continue }
        expansion.captured[part.span] = .data(try await capture(script, in: frame))
      }
    }
    return expansion
  }

  private func capture(_ script: Script, in frame: Frame) async throws(Failure) -> JSONValue {
    let values = CollectedValues()
    var inner = frame.guarded
    inner.results = .values(values)
    let code = await run(script, in: inner)
    guard code.isSuccess, session.requestedExit == nil else { throw .reported(code) }
    return values.value
  }
}
