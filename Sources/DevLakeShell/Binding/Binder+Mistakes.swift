import DevLakeKit
import ShellLanguage

/// What is said of words that do not fit a signature.
extension Binder {
  /// `--json` and `--output` that name two formats: neither can be what was meant.
  func twoFormats(in call: Call) -> Failure? {
    guard let json = call.option("json"), let output = call.option("output"),
      output.value != nil, output.text != OutputFormat.json.rawValue
    else { return nil }
    let later = max(json.span.lower, output.span.lower) == json.span.lower ? json : output
    return usage(
      "'--json' and '--output \(output.text)' request two formats",
      later.span,
      help: "use one of them"
    )
  }

  func surplus(_ word: Word, _ signature: Signature) -> Failure {
    // `create github` is what everyone writes first.
    let plugin = word.plain.flatMap { PluginRegistry.standard[$0] }
    let takesPlugin = signature.options.contains { $0.name == "plugin" }
    return usage(
      "unexpected argument" + (word.plain.map { " '\(ServerText.line($0))'" } ?? ""),
      word.span,
      help: plugin.flatMap {
        takesPlugin ? "write '--plugin \($0.id)', or run 'use \($0.id)' first" : nil
      }
        ?? "quote text with spaces; \(Self.help(for: signature))"
    )
  }

  func missingArgument(of signature: Signature, in call: Call) -> Failure? {
    if signature.arguments.isEmpty || call.flag("help") { return nil }
    let missing = signature.arguments.first { $0.isRequired && call.argument($0.name) == nil }
    return missing.map { missing in
      usage(
        "'\(signature.name)' needs \(missing.name)",
        call.span,
        help: "write: \(signature.usage)"
      )
    }
  }

  /// Where an option stands that belongs to the command around this one.
  func outerOption(_ written: String) -> String? {
    guard let outer, outer.options.contains(where: { "--" + $0.name == written }) else {
      return nil
    }
    let before = outer.arguments.first?.name ?? "its command"
    return "'\(written)' is an option of '\(outer.name)': write it before \(before)"
  }

  /// How `-ojson` or `-kv` is written here: each letter is alone.
  static func apart(_ written: String, _ signature: Signature) -> String? {
    guard !written.hasPrefix("--"), let first = written.dropFirst().first else { return nil }
    let known = signature.allOptions
    guard let option = known.first(where: { $0.short == first }) else { return nil }
    if option.kind != .flag { return "write -\(first) \(written.dropFirst(2))" }
    let letters = written.dropFirst()
    guard letters.allSatisfy({ letter in known.contains { $0.short == letter } }) else {
      return nil
    }
    return "write " + letters.map { "-\($0)" }.joined(separator: " ")
  }

  /// Where to read on; the program's own options have no topic of `help`.
  static func help(for signature: Signature) -> String {
    signature.name == Signature.program.name
      ? "see 'devlake-shell --help'" : "see 'help \(signature.name)'"
  }

  func usage(_ message: String, _ span: SourceSpan, help: String? = nil) -> Failure {
    Failure(
      Diagnostic(code: .usage, message: message, span: span, source: source, help: help),
      exitCode: .usage
    )
  }

  /// A page of `help` there is not; the script's own commands have one.
  func checkTopic(_ given: ArgumentValue) throws(Failure) {
    guard given.value != nil, definitions[given.text] == nil,
      !HelpText.knows(given.text, registry),
      !allowsAbbreviations || HelpText.page(beginning: given.text, registry) == nil
    else { return }
    throw .unknownTopic(given, registry)
  }
}

extension Failure {
  static func unknownTopic(_ given: ArgumentValue, _ registry: SignatureRegistry) -> Failure {
    let near = Suggestion.closest(
      to: given.text,
      among: registry.names + LanguageTopic.all.map(\.name),
      avoiding: registry.destructive
    )
    return .invalid(
      "no help for '\(given.text)'",
      at: given,
      help: near.map { "did you mean '\($0)'?" } ?? "'help' lists the commands"
    )
  }
}
