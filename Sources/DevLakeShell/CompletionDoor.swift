import DevLakeKit
import LineEditing
import ShellLanguage

/// `devlake-shell __complete WORD…`: what may stand for the last word, for bash, zsh and fish.
///
/// The same engine as at the prompt. DevLake is asked for a moment only, and only for connections the
/// word is about; when it is away, commands, options and plugins complete all the same. The words come as the program would
/// get them: unquoted and expanded; candidates go out so, too.
@MainActor
struct CompletionDoor {
  /// How long DevLake may take; a person waits at another shell's prompt.
  var patience = Duration.milliseconds(150)

  let session: Session
  let registry: SignatureRegistry

  /// One candidate a line, with a tab and its description.
  func lines(for words: [String]) async -> [String] {
    let last = words.last ?? ""
    let before = Array(words.dropLast())
    let start = Self.commandStart(before)
    guard start < before.count else { return programWords(before, last) }
    let command = Array(before[start...])
    guard isCommand(command[0]) else { return [] }
    let wanted = WantedLists()
    let unasked = candidates(command, last, wanted)
    if wanted.asked?.isEmpty == true, !wanted.keys { return unasked }
    await look(for: wanted)
    return candidates(command, last)
  }

  /// The options of the session that completes: those that are before the command.
  static func options(in words: [String]) -> SessionOptions {
    let before = words.dropLast()
    // What is not understood is said when the command runs.
    let invocation = try? Invocation(Array(before.prefix(commandStart(Array(before)))))
    var options = invocation?.session ?? SessionOptions()
    options.isNonInteractive = true
    return options
  }

  private func candidates(
    _ command: [String],
    _ last: String,
    _ wanted: WantedLists? = nil
  ) -> [String] {
    let (prefix, partial) = Self.partial(last)
    let line = command.map { Self.written($0) + " " }.joined() + prefix + partial
    let completer = Completer(session: session, registry: registry, wanted: wanted)
    let found = completer.answer(line, cursor: line.utf8.count, isQuoting: false).candidates
    // The other shell types what is alone.
    guard found.count > 1 || found.first?.isOnlyListed != true else { return [] }
    return
      found
      // A name with control characters is nothing another shell could be given.
      .filter { TerminalText.sanitized($0.text) == $0.text }
      .map { Self.line(prefix + $0.text, $0.description) }
  }

  /// The program's own options, and the commands.
  private func programWords(_ before: [String], _ last: String) -> [String] {
    let signature = Signature.program
    let completer = Completer(session: session, registry: registry)
    if let name = before.last, let option = Self.option(name), option.kind != .flag {
      return completer.values(option.kind, last).filter { $0.text.hasPrefix(last) }
        .map { Self.line($0.text, $0.description) }
    }
    let options = signature.options.map { ("--" + $0.name, $0.help) }
    let commands = completer.commands.map { ($0.text, $0.description) }
    return (last.hasPrefix("-") ? options : commands)
      .filter { $0.0.hasPrefix(last) }.map { Self.line($0.0, $0.1) }
  }

  private func isCommand(_ name: String) -> Bool {
    registry[name] != nil || registry.isPhraseStart(name)
  }

  /// Asks DevLake for what there is, as far as it tells in time.
  private func look(for wanted: WantedLists) async {
    let start = ContinuousClock.now
    let finding = Task { [session] in
      // Completion has nothing to say about a DevLake that is away.
      _ = try? await session.connected()
    }
    let timer = Task {
      // Cancelled when DevLake was quicker.
      try? await Task.sleep(for: patience)
      finding.cancel()
    }
    await finding.value
    timer.cancel()
    var left: Duration { patience - (ContinuousClock.now - start) }
    let refresher = CacheRefresher()
    refresher.refresh(session, of: wanted.asked, patience: left)
    if wanted.keys { refresher.refreshKeys(session, patience: left) }
  }

  /// Where the command's name is behind the program's options.
  private static func commandStart(_ words: [String]) -> Int {
    var index = 0
    while index < words.count, words[index].hasPrefix("-") {
      let takesNext = option(words[index]).map { $0.kind != .flag } ?? false
      index += takesNext && !words[index].contains("=") ? 2 : 1
    }
    return min(index, words.count)
  }

  private static func option(_ word: String) -> Signature.Option? {
    Signature.program.options.first {
      "--" + $0.name == word || $0.short.map { "-\($0)" } == word
    }
  }

  /// The word as the language writes it, whatever is in it.
  private static func written(_ word: String) -> String {
    guard word.hasPrefix("-"), let equals = word.firstIndex(of: "=") else {
      return word.hasPrefix("-") ? word : Quoting.quote(word)
    }
    let value = String(word[word.index(after: equals)...])
    return word[...equals] + Quoting.quote(value)
  }

  /// The unfinished word: what is before the part that is completed, and that part in a quote
  /// that is still open, so that blanks belong to it.
  private static func partial(_ word: String) -> (prefix: String, partial: String) {
    guard word.hasPrefix("-") else { return ("", "\"" + Quoting.escaped(word)) }
    guard let equals = word.firstIndex(of: "=") else { return ("", word) }
    let value = String(word[word.index(after: equals)...])
    return (String(word[...equals]), "\"" + Quoting.escaped(value))
  }

  private static func line(_ text: String, _ description: String) -> String {
    let clean = TerminalText.sanitized(description)
    return clean.isEmpty ? text : "\(text)\t\(clean)"
  }
}
