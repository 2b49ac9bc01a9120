import DevLakeKit

/// What is shown grey behind a line: the newest history line that begins so, or what is still missing.
struct Hinter {
  let session: Session
  let registry: CommandRegistry
  /// Oldest first.
  let history: [String]

  /// The hint for a line with the cursor at its end; `nil` when nothing helps.
  func hint(for line: String) -> Hint? {
    guard !line.isEmpty, !line.contains("\n") else { return nil }
    if let earlier = history.last(where: { $0.hasPrefix(line) && $0 != line && !$0.contains("\n") }
    ),
      line.contains(where: { !$0.isWhitespace })
    {
      return Hint(String(earlier.dropFirst(line.count)), isAcceptable: true)
    }
    return missing(line).map { Hint($0, isAcceptable: false) }
  }

  /// The arguments and options that may follow, as help writes them.
  private func missing(_ line: String) -> String? {
    guard line.last == " " else { return nil }
    let source = SourceText(name: DiagnosticRenderer.prompt, text: line)
    let completer = Completer(session: session, registry: registry)
    let context = completer.innermost(
      CompletionContext.at(cursor: line.utf8.count, in: source)
    )
    guard context.role == .argument, let signature = completer.signature(context) else {
      return nil
    }
    if let last = context.command.words.last, last.writtenOption?.value == nil,
      let name = last.optionName?.value, let option = completer.option(name, signature),
      option.kind != .flag
    {
      return option.placeholder.isEmpty ? "VALUE" : option.placeholder
    }
    let given = completer.argumentCount(context, signature)
    var words: [String] = []
    for (index, argument) in signature.arguments.enumerated()
    where index >= given || argument.isRepeated {
      let word = argument.name + (argument.isRepeated ? "…" : "")
      words.append(argument.isRequired && index >= given ? word : "[\(word)]")
    }
    let open = completer.openOptions(context, signature).filter { !Signature.isCommon($0.name) }
    for option in open.prefix(3) {
      words.append(
        "[--\(option.name)\(option.placeholder.isEmpty ? "" : " " + option.placeholder)]"
      )
    }
    if open.count > 3 { words.append("…") }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
