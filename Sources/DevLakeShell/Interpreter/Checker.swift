import DevLakeKit

/// Checks scripts before anything of them runs: syntax, commands, options, values, variables.
///
/// Every mistake is found at once, and nothing is asked of anybody.
struct Checker {
  let registry: CommandRegistry
  /// The variables that are set when the script begins.
  var variables: Set<String>

  /// The variables that are always there.
  static let builtIn: Set<String> = ["status", "error", "env"]

  /// The mistakes of a source, in the order of their places; what it defines is known afterwards.
  mutating func check(_ source: SourceText) -> (script: Script, mistakes: [Diagnostic]) {
    let parsed = Parser.parse(source)
    var found = parsed.allMistakes.map { mistake in
      Diagnostic(
        code: .usage,
        message: mistake.message,
        span: mistake.span,
        source: source,
        help: mistake.help
      )
    }
    check(parsed.script, source, &found)
    found.sort { ($0.span?.lower ?? 0) < ($1.span?.lower ?? 0) }
    return (parsed.script, found)
  }

  private mutating func check(
    _ script: Script,
    _ source: SourceText,
    _ found: inout [Diagnostic]
  ) {
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment):
        check(assignment.value, source, &found)
        variables.insert(assignment.name.value)
      case .list(let list): check(list, source, &found)
      case .loop, .conditional, .attempt, .system: break
      }
    }
  }

  private mutating func check(
    _ list: CommandList,
    _ source: SourceText,
    _ found: inout [Diagnostic]
  ) {
    switch list {
    case .command(let piped): check(piped.command, source, &found)
    case .both(let left, let right), .either(let left, let right):
      check(left, source, &found)
      check(right, source, &found)
    }
  }

  private func check(
    _ simple: SimpleCommand,
    _ source: SourceText,
    _ found: inout [Diagnostic]
  ) {
    for word in simple.words { check(word, source, &found) }
    let binder = Binder(registry: registry, source: source, expand: { (_) throws(Failure) in nil })
    do throws(Failure) {
      _ = try binder.bind(simple)
    } catch {
      found.append(error.diagnostic)
    }
  }

  private func check(_ word: Word, _ source: SourceText, _ found: inout [Diagnostic]) {
    for part in word.parts {
      guard case .variable(let reference, _) = part.kind, reference.fallback == nil,
        !variables.contains(reference.name), !Self.builtIn.contains(reference.name)
      else { continue }
      let near = Suggestion.closest(to: reference.name, among: variables.sorted())
      found.append(
        Diagnostic(
          code: .usage,
          message: "no variable named '\(reference.name)'",
          span: part.span,
          source: source,
          help: near.map { "did you mean '$\($0)'?" }
            ?? "set it with 'let \(reference.name) = …' before"
        )
      )
    }
  }
}
