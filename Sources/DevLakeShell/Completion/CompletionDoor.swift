import DevLakeKit

/// `devlake-shell __complete WORD…`: what may stand for the last word, for bash, zsh and fish.
///
/// The same engine as at the prompt. DevLake is asked for its connections for a moment only; when it
/// is away, commands, options and plugins complete all the same.
@MainActor
struct CompletionDoor {
  /// How long DevLake may take; a person waits at another shell's prompt.
  static let patience = Duration.milliseconds(150)

  let session: Session
  let registry: CommandRegistry

  /// One candidate a line, with a tab and its description.
  func lines(for words: [String]) async -> [String] {
    let last = words.last ?? ""
    let before = Array(words.dropLast())
    let start = Self.commandStart(before)
    guard start < before.count else { return programWords(before, last) }
    let command = Array(before[start...])
    await look(for: command)
    var line = ""
    for word in command { line += Self.written(word) + " " }
    line += last
    let answer = Completer(session: session, registry: registry)
      .answer(line, cursor: line.utf8.count, isQuoting: false)
    return answer.candidates.map { Self.line($0.text, $0.description) }
  }

  /// The program's own options, and the commands.
  private func programWords(_ before: [String], _ last: String) -> [String] {
    let signature = Invocation.signature
    if let name = before.last, let option = Self.option(name), option.kind != .flag {
      let context = Completer(session: session, registry: registry)
      return context.values(option.kind, last).filter { $0.text.hasPrefix(last) }
        .map { Self.line($0.text, $0.description) }
    }
    let options = signature.options.map { ("--" + $0.name, $0.help) }
    let commands = registry.commands.map { ($0.signature.name, $0.signature.abstract) }
    return (last.hasPrefix("-") ? options : commands + [("configure", "the documents' own words")])
      .filter { $0.0.hasPrefix(last) }.map { Self.line($0.0, $0.1) }
  }

  /// Connections are asked for only where one may stand.
  private func look(for command: [String]) async {
    guard let name = command.first, registry[name] != nil || registry.isPhraseStart(name) else {
      return
    }
    session.commandTimeout = Self.patience
    defer { session.commandTimeout = nil }
    // Completion has nothing to say about a DevLake that is away.
    _ = try? await session.inventory()
  }

  private static func commandStart(_ words: [String]) -> Int {
    var index = 0
    while index < words.count, words[index].hasPrefix("-") {
      let takesNext = option(words[index]).map { $0.kind != .flag } ?? false
      index += takesNext && !words[index].contains("=") ? 2 : 1
    }
    return index
  }

  private static func option(_ word: String) -> Signature.Option? {
    Invocation.signature.options.first {
      "--" + $0.name == word || $0.short.map { "-\($0)" } == word
    }
  }

  private static func written(_ word: String) -> String {
    word.hasPrefix("-") ? word : Quoting.quote(word)
  }

  private static func line(_ text: String, _ description: String) -> String {
    let clean = TerminalText.sanitized(description)
    return clean.isEmpty ? text : "\(text)\t\(clean)"
  }
}
