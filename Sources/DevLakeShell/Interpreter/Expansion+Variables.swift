import DevLakeKit
import ShellLanguage

extension Expansion {
  /// The value of `$name`, `${name.path[0]:-default}`.
  ///
  /// A default stands in for what is undefined, missing on the path, null or empty.
  func value(of reference: VariableReference, at span: SourceSpan) throws(Failure) -> Value {
    let found: Value
    do throws(Failure) {
      found = try resolved(reference, at: span)
    } catch {
      guard let fallback = reference.fallback, error.diagnostic.code == .usage else { throw error }
      return .text(fallback)
    }
    if let fallback = reference.fallback, found.isAbsent { return .text(fallback) }
    return found
  }

  private func resolved(
    _ reference: VariableReference,
    at span: SourceSpan
  ) throws(Failure) -> Value {
    if reference.name == "env" { return try environment(reference, at: span) }
    var value = try variable(reference.name, at: span)
    var path = "$" + reference.name
    for step in reference.path {
      value = try member(step, of: value, named: path, at: span)
      switch step {
      case .member(let name): path += ".\(name)"
      case .index(let index): path += "[\(index)]"
      }
    }
    return value
  }

  private func variable(_ name: String, at span: SourceSpan) throws(Failure) -> Value {
    switch name {
    case "status": return .data(.integer(session.lastExitCode.rawValue))
    case "error": return .data(BuiltInVariables.error(of: session))
    default: break
    }
    if let value = session.variables[name] { return value }
    if let number = Int(name) {
      if number > 0, number <= frame.arguments.count { return .text(frame.arguments[number - 1]) }
      throw failure(
        "no argument $\(name): the script was given \(frame.arguments.count)",
        at: span,
        help: "write ${\(name):-default} where it may be missing"
      )
    }
    let near = Suggestion.closest(
      to: name,
      among: session.variables.keys.sorted() + BuiltInVariables.names.sorted()
    )
    throw failure(
      "no variable named '\(name)'",
      at: span,
      help: near.map { "did you mean '$\($0)'?" } ?? "set it with 'let \(name) = …'"
    )
  }

  private func environment(
    _ reference: VariableReference,
    at span: SourceSpan
  ) throws(Failure) -> Value {
    guard case .member(let name)? = reference.path.first, reference.path.count == 1 else {
      throw failure("'env' is not a value of its own", at: span, help: "write ${env.NAME}")
    }
    guard let text = session.world.environment[name] else {
      let near = Suggestion.closest(to: name, among: session.world.environment.keys.sorted())
      throw failure(
        "no environment variable '\(name)'",
        at: span,
        help: near.map { "did you mean '${env.\($0)}'?" }
          ?? "write ${env.\(name):-default} where it may be missing"
      )
    }
    guard BuiltInVariables.isSecret(environment: name) else { return .text(text) }
    session.usedCredentials.variables.insert(name)
    session.redactor.learn(Secret(text))
    return .secret(Secret(text))
  }

  /// One step of a path; a list of one element is gone through.
  private func member(
    _ step: VariableReference.Step,
    of value: Value,
    named path: String,
    at span: SourceSpan
  ) throws(Failure) -> Value {
    switch (step, value) {
    case (.member(let name), .data(.object(let record))):
      if let value = record[name] { return .data(value) }
      let near = Suggestion.closest(to: name, among: record.keys)
      throw failure(
        "'\(path)' has no '\(name)'",
        at: span,
        help: near.map { "did you mean '\($0)'?" }
          ?? "it has \(record.keys.prefix(12).joined(separator: ", "))"
      )
    case (.member, .data(.array(let elements))) where elements.count == 1:
      return try member(step, of: .data(elements[0]), named: path, at: span)
    case (.member(let name), .data(.array(let elements))):
      throw failure(
        elements.isEmpty
          ? "'\(path)' is an empty list" : "'\(path)' is a list of \(elements.count) elements",
        at: span,
        help: elements.isEmpty
          ? nil : "write '${\(path.dropFirst())[0].\(name)}', or 'for c in \(path) { … }'"
      )
    case (.index(let index), .data(.array(let elements))):
      if index < elements.count { return .data(elements[index]) }
      throw failure(
        "'\(path)' has no element [\(index)]: it has \(elements.count), counted from 0",
        at: span
      )
    case (.member(let name), _):
      throw failure("'\(path)' is \(value.kindName) and has no '\(name)'", at: span)
    case (.index(let index), _):
      throw failure("'\(path)' is \(value.kindName) and has no element [\(index)]", at: span)
    }
  }
}
