import DevLakeKit
import ShellLanguage

extension Expansion {
  /// The value of `$name`, `${name.path[0]:-default}`.
  ///
  /// A default is in for what is undefined, missing on the path, null or empty.
  func value(of reference: VariableReference, at span: SourceSpan) throws(Failure) -> Value {
    let found: Value
    do throws(Failure) {
      found = try resolved(reference, at: span)
    } catch {
      guard let fallback = reference.fallback, error.diagnostic.code == .usage else { throw error }
      return try value(of: fallback)
    }
    if let fallback = reference.fallback, found.isAbsent { return try value(of: fallback) }
    return found
  }

  /// Whether a default is in for it.
  func isAbsent(_ reference: VariableReference, at span: SourceSpan) -> Bool {
    do throws(Failure) {
      return try resolved(reference, at: span).isAbsent
    } catch {
      return error.diagnostic.code == .usage
    }
  }

  /// `${#x}`: elements of a list, keys of a record, characters of a text, none of null.
  func length(of reference: VariableReference, at span: SourceSpan) throws(Failure) -> Value {
    switch try resolved(reference, at: span) {
    case .data(.array(let elements)): return .data(.integer(elements.count))
    case .data(.object(let record)): return .data(.integer(record.members.count))
    case .data(.string(let text)): return .data(.integer(text.count))
    case .data(.null): return .data(.integer(0))
    case let value:
      throw failure("'$\(reference.name)' is \(value.kindName) and has no length", at: span)
    }
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
      case .variable(let name): path += "[$\(name)]"
      }
    }
    if case .data(let data) = value { return session.heldSecrets.value(data) }
    return value
  }

  private func variable(_ name: String, at span: SourceSpan) throws(Failure) -> Value {
    switch name {
    case "status": return .data(.integer(session.outcome.exitCode.rawValue))
    case "error": return .data(BuiltInVariables.error(of: session))
    case "args": return .data(.array(frame.arguments.map(JSONValue.string)))
    case "now": return .text(AuditLog.time(session.world.now()))
    case "today": return .text(String(AuditLog.time(session.world.now()).prefix(10)))
    default: break
    }
    if let value = frame.locals?.values[name] ?? session.variables[name] { return value }
    if let number = Int(name) {
      if number > 0, number <= frame.arguments.count { return .text(frame.arguments[number - 1]) }
      throw failure(
        "no argument $\(name): the number of arguments is \(frame.arguments.count)",
        at: span,
        help: "write ${\(name):-default} if it can be missing"
      )
    }
    let near = Suggestion.closest(
      to: name,
      among: session.variables.names + BuiltInVariables.names.sorted()
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
      throw failure("'env' is not a value by itself", at: span, help: "write ${env.NAME}")
    }
    guard let text = session.world.environment[name] else {
      let near = Suggestion.closest(to: name, among: session.world.environment.keys.sorted())
      throw failure(
        "no environment variable '\(name)'",
        at: span,
        help: near.map { "did you mean '${env.\($0)}'?" }
          ?? "write ${env.\(name):-default} if it can be missing"
      )
    }
    guard BuiltInVariables.isSecret(environment: name) else { return .text(text) }
    session.noteSecret(variable: name)
    session.redactor.learn(Secret(text))
    return .secret(Secret(text))
  }

  /// One step of a path; a one-element list is unwrapped.
  private func member(
    _ step: VariableReference.Step,
    of value: Value,
    named path: String,
    at span: SourceSpan
  ) throws(Failure) -> Value {
    if case .variable(let name) = step {
      return try member(
        try self.step(named: name, of: value, path, at: span),
        of: value,
        named: path,
        at: span
      )
    }
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
        "'\(path)' has no element [\(index)]: it has \(elements.count), starting at 0",
        at: span
      )
    case (.member(let name), _):
      throw failure("'\(path)' is \(value.kindName) and has no '\(name)'", at: span)
    case (.index(let index), _):
      throw failure("'\(path)' is \(value.kindName) and has no element [\(index)]", at: span)
    case (.variable, _): return value
    }
  }

  /// The step that is in a variable: an index for a list, a key for a record.
  private func step(
    named name: String,
    of value: Value,
    _ path: String,
    at span: SourceSpan
  ) throws(Failure) -> VariableReference.Step {
    let held = try variable(name, at: span)
    guard let text = held.text, !held.isAbsent else {
      throw failure("'$\(name)' is \(held.kindName),, not an index or key", at: span)
    }
    if case .data(.object) = value { return .member(text) }
    if let index = Int(text), index >= 0 { return .index(index) }
    if case .data(.array(let elements)) = value, elements.count != 1 {
      throw failure("'\(text)' is not an index of '\(path)': indexes start at 0", at: span)
    }
    return .member(text)
  }
}
