import DevLakeKit
import ShellLanguage

/// `include FILE [ARG…]`: another script, in the same scope.
extension Interpreter {
  /// Runs the script an `include` names.
  func include(_ call: Call, in frame: Frame) async throws(Failure) -> ExitCode {
    guard let file = call.argument("FILE") else { return .success }
    let path = ScriptLibrary.path(file.text, from: frame.source, session.world)
    let isChecked = frame.library[path] != nil
    let entry = try loaded(path, from: file, in: frame)
    try Checker.refuseEndless(path, entry, file, in: frame)
    var inner = frame
    inner.source = entry.source
    inner.isTyped = false
    inner.arguments = call.all(argument: "ARG").map(\.text)
    inner.inclusions.insert(Diagnostic.Inclusion(source: frame.source, span: file.span), at: 0)
    inner.running.append(entry.identity)
    if !isChecked { try check(entry, in: inner) }
    return await run(entry.parsed.script, in: inner)
  }

  private func loaded(
    _ path: String,
    from file: ArgumentValue,
    in frame: Frame
  ) throws(Failure) -> ScriptLibrary.Entry {
    do throws(Failure) {
      return try frame.library.load(path, in: session.world.workingDirectory)
    } catch {
      throw error.placed(at: file.span, in: file.source)
    }
  }

  /// A script whose path was not known before is checked before it runs.
  private func check(_ entry: ScriptLibrary.Entry, in frame: Frame) throws(Failure) {
    var checker = Checker(interpreter: self, library: frame.library)
    checker.check(entry.source, entry.parsed, in: frame, arguments: frame.arguments.count)
    checker.settlePlugins()
    guard !checker.mistakes.isEmpty else { return }
    if !frame.isSilent { draw(checker.mistakes) }
    session.outcome.fail(.usage, checker.mistakes.first)
    throw .reported(.usage)
  }
}
