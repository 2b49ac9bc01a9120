import DevLakeKit
import LineEditing
import ShellLanguage

/// What is shown grey behind a line: the newest history line that begins so, or what is still missing.
struct Hinter {
  let session: Session
  let registry: SignatureRegistry
  /// Oldest first.
  let history: [String]

  /// The hint for a line with the cursor at its end; `nil` when nothing helps.
  func hint(for line: String) -> Hint? {
    guard line.contains(where: { !$0.isWhitespace }), !line.contains("\n") else { return nil }
    if let earlier = history.last(where: { Self.continues($0, line) }) {
      return Hint(String(earlier.dropFirst(line.count)), isAcceptable: true)
    }
    return missing(line).map { Hint($0, isAcceptable: false) }
  }

  /// An entry of one row that begins so; where a secret stood nothing is there to take.
  private static func continues(_ entry: String, _ line: String) -> Bool {
    entry.hasPrefix(line) && entry != line && !entry.contains("\n")
      && !entry.contains(SourceText.redacted)
  }

  /// The arguments and options that may follow, as help writes them.
  private func missing(_ line: String) -> String? {
    let source = SourceText(name: DiagnosticRenderer.prompt, text: line)
    let completer = Completer(session: session, registry: registry)
    let context = completer.innermost(
      CompletionContext.at(cursor: line.utf8.count, in: source)
    )
    // Behind a finished word; what follows `configure connection` is another word of the phrase.
    guard context.role == .argument, context.partial.raw.isEmpty,
      let signature = completer.signature(context)
    else { return nil }
    if let option = completer.awaiting(context, signature) {
      return option.placeholder.isEmpty ? "VALUE" : option.placeholder
    }
    let given = completer.argumentCount(context, signature)
    if given == 1, case .choice(let words)? = completer.setting(signature, context) {
      return words.joined(separator: "|")
    }
    var words: [String] = []
    var options: [String] = []
    for (index, argument) in signature.arguments.enumerated()
    where index >= given || argument.isRepeated {
      let word = argument.name + (argument.isRepeated ? "…" : "")
      words.append(argument.isRequired && index >= given ? word : "[\(word)]")
    }
    // Whoever has named a connection does not name it by its plugin and number as well.
    let isNamed = given > 0 && signature.arguments.first?.kind == .selector
    let open = completer.openOptions(context, signature).filter {
      !Signature.isCommon($0.name) && !(isNamed && ["plugin", "id", "where"].contains($0.name))
    }
    for option in open.prefix(3) {
      options.append(
        "[--\(option.name)\(option.placeholder.isEmpty ? "" : " " + option.placeholder)]"
      )
    }
    if open.count > 3 { options.append("…") }
    // What is behind a command within is that one's.
    words.insert(contentsOf: options, at: signature.takesCommand ? 0 : words.count)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
