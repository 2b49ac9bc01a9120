import DevLakeKit
import ShellLanguage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the values in a script tell before it runs.
extension Checker {
  /// `break`, `continue` and `return` need something to leave.
  mutating func checkLeaving(_ call: Call) {
    guard let leaving = call.signature.leaves else { return }
    switch leaving {
    case .round, .loop:
      guard loopDepth == 0 else { return }
      add(
        "'\(call.signature.name)' leaves a loop, and none is around it",
        at: call.nameSpan,
        help: "it belongs in 'for' and 'while', outside '$( )', '$[ ]' and 'def'"
      )
    case .definition:
      guard !isInDefinition else { return }
      add(
        "'return' leaves a definition, and none is around it",
        at: call.nameSpan,
        help: "'exit' ends the script"
      )
    }
  }

  /// What is written out can be checked now: nothing has run yet.
  mutating func checkKnownValues(_ call: Call) {
    let name = call.signature.name
    if name == "read" { checkInput(call) }
    if ["read", "plan", "apply"].contains(name) { checkIsThere(call.argument("FILE")) }
    checkIsThere(call.option("from"))
    checkIsThere(call.option("env-file"))
    checkReferences(call)
    if name == "set", let setting = call.argument("NAME"), setting.value != nil,
      let value = call.argument("VALUE"), value.value != nil,
      let entry = Settings.entry(setting.text)
    {
      do throws(Failure) {
        try ValueCheck(kind: entry.kind, name: entry.name).check(value)
      } catch {
        add(error.diagnostic)
      }
    }
    for given in call.all(option: "where") {
      for test in given.condition?.tests ?? [] {
        let place = ArgumentValue(value: nil, span: test.field.span, source: given.source)
        do throws(Failure) {
          try ConnectionFields.check(test.field.value, at: place, in: call)
        } catch {
          add(error.diagnostic)
        }
      }
    }
    if let fields = call.option("fields"), fields.value != nil {
      do throws(Failure) {
        try FieldNames.check(fields, of: call.signature, in: call)
      } catch {
        add(error.diagnostic)
      }
    }
  }

  /// The files of `file:PATH` and `@FILE`.
  private mutating func checkReferences(_ call: Call) {
    var places: [(given: ArgumentValue, path: String)] = []
    for option in call.signature.options where option.kind == .secret {
      for given in call.all(option: option.name) where given.text.hasPrefix("file:") {
        places.append((given, String(given.text.dropFirst(5))))
      }
    }
    if let body = call.argument("BODY|@FILE"), body.text.hasPrefix("@") {
      places.append((body, String(body.text.dropFirst())))
    }
    for (given, path) in places where !path.hasPrefix("~") {
      guard case .data(.string)? = given.value else { continue }
      var file = given
      file.value = .text(path)
      checkIsThere(file)
    }
  }

  private mutating func checkInput(_ call: Call) {
    guard let file = call.argument("FILE"), file.value != nil, file.text == "-" else { return }
    guard !canReadInput else { return }
    add(
      "'-' reads standard input, which carries the commands here",
      at: file.span,
      help: "run the script with -f FILE, or read a file"
    )
  }

  /// A file that is read must be there, unless something before may have made it.
  private mutating func checkIsThere(_ given: ArgumentValue?) {
    guard let given, case .data(.string(let path))? = given.value, path != "-", !path.isEmpty,
      !mayHaveMadeFiles, !path.utf8.contains(0)
    else { return }
    let place = world.path(path)
    guard access(place, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { return }
    let reason = String(cString: strerror(errno)).lowercased()
    var found = diagnostic("cannot read '\(path)': \(reason)", given.span, help: nil)
    guard checksOnly else { return add(found) }
    found.severity = .warning
    warnings.append(found)
  }
}
