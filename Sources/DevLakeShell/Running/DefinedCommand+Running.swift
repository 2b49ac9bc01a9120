import DevLakeKit
import ShellLanguage

extension DefinedCommand: ScriptCommand {
  /// Calls of definitions in one another; more would be one that never ends.
  static let maximumDepth = 200

  init(_ definition: Definition, in frame: Frame) {
    self.init(
      signature: Self.signature(of: definition, in: frame.source),
      definition: definition,
      source: frame.source,
      arguments: frame.arguments,
      inclusions: frame.inclusions,
      running: frame.running
    )
  }

  /// What a definition takes.
  static func signature(of definition: Definition, in source: SourceText) -> Signature {
    Signature(
      name: definition.name.value,
      abstract: "Defined in \(source.name)",
      arguments: definition.parameters.map { .init(name: $0.value, kind: .anything) },
      options: Signature.common.filter {
        ["output", "json", "fields", "safe", "help"].contains($0.name)
      },
      topic: .shell,
      takesCommonOptions: false
    )
  }

  func run(
    _ call: Call,
    with interpreter: Interpreter,
    in frame: Frame
  ) async throws(Failure) -> ExitCode {
    guard frame.callDepth < Self.maximumDepth else {
      throw .usage(
        "'\(signature.name)' is called more than \(Self.maximumDepth) levels deep",
        at: ArgumentValue(value: nil, span: call.nameSpan, source: call.source),
        help: "a recursive command needs an end"
      )
    }
    let session = interpreter.session
    var inner = frame
    inner.source = source
    inner.arguments = arguments
    inner.inclusions = inclusions
    inner.running = running
    inner.isTried = false
    inner.callDepth = frame.callDepth + 1
    let locals = Locals()
    for parameter in definition.parameters {
      guard let given = call.argument(parameter.value), let value = given.value else { continue }
      locals.set(parameter.value, value, isForeign: given.pieces != nil)
    }
    inner.locals = locals
    inner.selectedFields = call.option("fields") ?? frame.selectedFields
    inner.isSafe = call.flag("safe") || frame.isSafe
    var body = interpreter
    if let format = call.format { body.session = session.scoped { $0.format = format } }
    let code = await body.run(definition.body, in: inner)
    if case .definition? = session.leaving { session.hasLeft() }
    return code
  }
}

extension Interpreter {
  /// Keeps a definition for what comes after it.
  func define(_ definition: Definition, in frame: Frame) {
    session.define(DefinedCommand(definition, in: frame))
  }
}
