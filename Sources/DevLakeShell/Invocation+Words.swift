import ShellLanguage

/// Which words are the program's own options.
extension Invocation {
  /// Whether what is said before the first command runs is JSON: one command's own options count.
  var writesJSON: Bool {
    if case .command(let command, _) = door, let format = command.machineFormat {
      return format.isJSON
    }
    return session.settings.format.isJSON
  }

  /// An option of commands before the first word: there it would mean nothing.
  static func misplacedOption(in words: ArraySlice<Word>, _ source: SourceText) -> Failure? {
    for word in words {
      guard let name = word.optionName, option(name.value, among: Signature.program.options) == nil,
        let meant = SignatureRegistry.standard.signatures.lazy
          .compactMap({ option(name.value, among: $0.allOptions) }).first
      else { continue }
      let value = meant.placeholder.isEmpty ? "" : " \(meant.placeholder)"
      return Failure(
        Diagnostic(
          code: .usage,
          message: "'\(name.value)' is an option of a command",
          span: name.span,
          source: source,
          help: "write it after the command: devlake-shell COMMAND --\(meant.name)\(value)"
        ),
        exitCode: .usage
      )
    }
    return nil
  }

  private static func option(
    _ written: String,
    among options: [Signature.Option]
  ) -> Signature.Option? {
    options.first { "--" + $0.name == written || $0.short.map { "-\($0)" } == written }
  }

  /// Where the options end.
  static func firstWord(in words: [Word]) -> Int {
    var index = 0
    while index < words.count, words[index].isOptionLike {
      if words[index].endsOptions { return index + 1 }
      guard let written = words[index].writtenOption else { return index }
      let option = option(written.name.value, among: Signature.program.options)
      let takesNext = option.map { $0.kind != .flag } == true && written.value == nil
      index += takesNext ? 2 : 1
    }
    return min(index, words.count)
  }
}
