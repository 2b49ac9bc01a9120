import DevLakeKit
import ShellLanguage

/// What is known of variables before a script runs, and how mistakes are kept.
extension Checker {
  mutating func check(_ reference: VariableReference, at span: SourceSpan) {
    let name = reference.name
    if BuiltInVariables.names.contains(name) {
      builtIn(reference, at: span)
    } else if let number = Int(name) {
      guard let count = argumentCount, number == 0 || number > count,
        reference.fallback == nil
      else { return }
      add(
        "no argument $\(name): the number of arguments is \(count)",
        at: span,
        help: "write ${\(name):-default} if it can be missing"
      )
    } else if reference.fallback == nil, !defined.contains(name), !isSet(name) {
      // Among so many names every one is near.
      let near =
        defined.count > 1000
        ? nil
        : suggestions.found("$" + name) {
          let known = defined.union(setNames()).union(BuiltInVariables.names)
          return Suggestion.closest(to: name, among: known.sorted())
        }
      add(
        "no variable named '\(name)'",
        at: span,
        help: near.map { "did you mean '$\($0)'?" } ?? "set it with 'let \(name) = …' before"
      )
    }
  }

  mutating func builtIn(_ reference: VariableReference, at span: SourceSpan) {
    guard reference.fallback == nil else { return }
    switch (reference.name, reference.path.first) {
    case ("env", nil), ("env", .index?):
      add("'env' is not a value by itself", at: span, help: "write ${env.NAME}")
    case ("error", .member(let member)?) where !BuiltInVariables.errorMembers.contains(member):
      let known = BuiltInVariables.errorMembers
      add(
        "'$error' has no '\(member)'",
        at: span,
        help: Suggestion.closest(to: member, among: known).map { "did you mean '\($0)'?" }
          ?? "it has \(known.joined(separator: ", "))"
      )
    case ("status", _?): add("'$status' is a number and has no parts", at: span)
    default: break
    }
  }

  static func literalValue(of word: Word) -> Value? {
    if let plain = word.plain { return Value.typed(plain) ?? .text(plain) }
    return word.literal.map(Value.text)
  }

  mutating func refuseIfRestricted(_ way: WayOut, at span: SourceSpan) {
    guard isRestricted else { return }
    add(Failure.restricted(way.rawValue, at: span, frame.source).diagnostic)
  }

  mutating func add(_ message: String, at span: SourceSpan, help: String? = nil) {
    add(diagnostic(message, span, help: help))
  }

  mutating func add(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    diagnostic.includeChain = frame.inclusions
    found.append((diagnostic.span?.lower ?? 0, diagnostic))
  }

  func diagnostic(_ message: String, _ span: SourceSpan, help: String?) -> Diagnostic {
    Diagnostic(
      code: .usage,
      message: message,
      span: span,
      source: frame.source,
      help: help,
      includeChain: frame.inclusions
    )
  }
}
