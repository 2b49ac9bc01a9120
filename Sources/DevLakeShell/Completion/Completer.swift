import DevLakeKit
import LineEditing
import ShellLanguage

/// Tells what may be at the cursor, from the signatures and from what the session has seen.
///
/// It answers from memory and asks nobody.
struct Completer {
  let session: Session
  let registry: SignatureRegistry
  /// Records whose connections an answer depends on.
  var wanted: WantedLists?
  /// The plugin that a 'use' before it in the line selects.
  var usedPlugin: PluginDescriptor?

  /// One thing that may be at the cursor.
  struct Proposal: Equatable {
    var text: String
    var description = ""
    /// Whether the word is finished by it.
    var isFinal = true
    /// Whether it is a word of the language, which is written as it is.
    var isKeyword = false
    /// How far Tab may go with it.
    var weight = Weight.light
  }

  /// How much a word does that Tab might type.
  enum Weight {
    case light
    /// It destroys: it is completed, never begun.
    case grave
    /// It stands for everything: a person types it.
    case total
    /// It is not a word, but says why there is none.
    case note
  }

  /// What may replace the word at the cursor.
  ///
  /// - Parameter isQuoting: Whether candidates are written as the language wants them; another
  ///   shell quotes for itself.
  func answer(_ line: String, cursor: Int, isQuoting: Bool = true) -> CompletionAnswer {
    let source = SourceText(name: DiagnosticRenderer.prompt, text: line)
    if let named = Self.pluginUsed(in: source, before: cursor) {
      var completer = self
      completer.usedPlugin = session.plugin(named)
      return completer.answer(source, cursor, isQuoting)
    }
    return answer(source, cursor, isQuoting)
  }

  private func answer(
    _ source: SourceText,
    _ cursor: Int,
    _ isQuoting: Bool
  ) -> CompletionAnswer {
    let context = shellWord(
      innermost(CompletionContext.at(cursor: cursor, in: source))
    )
    let span = context.partial.span
    var answer = CompletionAnswer(replaced: span.lower..<span.upper, candidates: [])
    // What an expansion will yield is not known: nothing can be put in its place.
    guard let written = context.partial.value else { return answer }
    let isBraced = source.text.utf8.prefix(span.lower).last == UInt8(ascii: "{")
    let proposals = proposals(for: context, written: written, isBraced: isBraced)
    answer.note = proposals.first { $0.weight == .note }?.text ?? ""
    let isBegun = written.contains { $0 != "-" }
    answer.candidates =
      proposals
      .filter { $0.text.hasPrefix(written) && $0.text != "" && $0.weight != .note }
      .map { proposal in
        CompletionAnswer.Candidate(
          text: isQuoting ? Self.quoted(proposal, context) : proposal.text,
          display: proposal.text,
          description: proposal.description,
          appendsBlank: proposal.isFinal,
          isOnlyListed: proposal.weight == .total || proposal.weight == .grave && !isBegun
        )
      }
    return answer
  }

  private func proposals(
    for context: CompletionContext,
    written: String,
    isBraced: Bool
  ) -> [Proposal] {
    switch context.role {
    case .command(let place): return Self.languageWords(in: place) + commands
    case .argument: return words(context, written)
    case .optionValue(let name):
      guard let option = signature(context).flatMap({ option(name.value, $0) }) else { return [] }
      return values(of: option, written, context)
    case .variable: return variables(isBraced: isBraced)
    case .member(let reference): return members(of: reference)
    case .keyword(let words): return words.map { Proposal(text: $0) }
    case .file: return files(written)
    case .shell: return shellWords(context, written)
    case .value:
      // A secret of `let --secret` is a reference.
      return ["env:", "file:"].contains(where: written.hasPrefix) ? references(written) : []
    case .nothing: return []
    }
  }

  var commands: [Proposal] {
    (registry.signatures
      + session.definitions.values.map(\.signature).sorted { $0.name < $1.name })
      .map {
        Proposal(
          text: $0.name,
          description: $0.abstract,
          weight: $0.isDestructive ? .grave : .light
        )
      }
      + [Proposal(text: "configure", description: "The documents' own words")]
  }

  /// The words of the language that may be where a command's name may.
  private static func languageWords(in place: CompletionContext.CommandPlace) -> [Proposal] {
    switch place {
    case .statement:
      [
        keyword("let", "Keep a value under a name"),
        keyword("if", "By a command's success or a comparison"),
        keyword("for", "Once for each of a list"),
        keyword("while", "As long as a condition holds"),
        keyword("def", "Define a command of your own"),
        keyword("try", "Go on after a failure"),
      ]
    case .condition: [keyword("not", "the opposite")]
    case .list: []
    }
  }

  private static func keyword(_ text: String, _ description: String) -> Proposal {
    Proposal(text: text, description: description, isKeyword: true)
  }

  /// What may stand as the next word of a command: an option's value, an option, an argument.
  private func words(_ context: CompletionContext, _ written: String) -> [Proposal] {
    if let phrase = phraseWords(context) { return phrase }
    guard let signature = signature(context) else { return [] }
    if let option = awaiting(context, signature) { return values(of: option, written, context) }
    if written.hasPrefix("-"), context.partial.quote == .none { return options(signature, context) }
    let position = min(argumentCount(context, signature), max(0, signature.arguments.count - 1))
    guard !signature.arguments.isEmpty else { return options(signature, context) }
    let argument = signature.arguments[position]
    if let setting = setting(signature, context), position == 1 {
      return values(setting, written, context)
    }
    let isFull =
      argumentCount(context, signature) >= signature.arguments.count && !argument.isRepeated
    let given = Set(context.command.words.compactMap(\.literal))
    let found =
      isFull
      ? [] : values(argument.kind, written, context).filter { !given.contains($0.text) }
    return found.isEmpty && written.isEmpty ? options(signature, context) : found
  }

  /// The context of the command inside a command, as in `watch 5 list --pl`, where the cursor is in
  /// the words of that one.
  func innermost(_ context: CompletionContext) -> CompletionContext {
    guard let signature = signature(context), signature.takesCommand else { return context }
    let words = context.command.words
    let start = words.indices.first { index in
      var before = context
      before.command.words = Array(words[...index])
      return argumentCount(before, signature) == signature.arguments.count
    }
    guard let start, let name = words[start].plain else { return context }
    var inner = context
    inner.command.name = Located(value: name, span: words[start].span)
    inner.command.words = Array(words[(start + 1)...])
    return innermost(inner)
  }

  /// The option whose value is to be where the cursor is.
  func awaiting(_ context: CompletionContext, _ signature: Signature) -> Signature.Option? {
    guard let last = context.command.words.last, last.writtenOption?.value == nil,
      let name = last.optionName?.value, let option = option(name, signature),
      option.kind != .flag
    else { return nil }
    return option
  }

  func option(_ name: String, _ signature: Signature) -> Signature.Option? {
    signature.allOptions.first { "--" + $0.name == name || $0.short.map { "-\($0)" } == name }
  }

  func signature(_ context: CompletionContext) -> Signature? {
    guard let name = context.command.name?.value else { return nil }
    if let signature = registry[SignatureRegistry.typedWords[name] ?? name] { return signature }
    let spoken = [name] + context.command.words.compactMap(\.plain)
    return registry.phrases.filter { spoken.starts(with: $0.words) }
      .max { $0.words.count < $1.words.count }
      .flatMap { registry[$0.command] }
  }

  /// The next word of `configure connection …`.
  private func phraseWords(_ context: CompletionContext) -> [Proposal]? {
    guard let name = context.command.name?.value, registry.isPhraseStart(name) else { return nil }
    let spoken = [name] + context.command.words.map { $0.plain ?? "" }
    var words: [String] = []
    for phrase in registry.phrases
    where phrase.words.count > spoken.count && phrase.words.starts(with: spoken) {
      let next = phrase.words[spoken.count]
      if !words.contains(next) { words.append(next) }
    }
    return words.isEmpty ? nil : words.map { Proposal(text: $0) }
  }

  private func options(_ signature: Signature, _ context: CompletionContext) -> [Proposal] {
    openOptions(context, signature).map {
      Proposal(
        text: "--" + $0.name,
        description: $0.help,
        weight: Binder.dangerous.contains("--" + $0.name) ? .grave : .light
      )
    }
  }

  /// The options that may still be given.
  func openOptions(_ context: CompletionContext, _ signature: Signature) -> [Signature.Option] {
    let given = context.command.words.compactMap { $0.optionName?.value }
    return signature.allOptions.filter { $0.isRepeated || !given.contains("--" + $0.name) }
  }

  /// The kind of the value `set NAME` takes.
  func setting(_ signature: Signature, _ context: CompletionContext) -> ValueKind? {
    guard signature.name == SetCommand().signature.name,
      let name = context.command.words.first?.literal
    else { return nil }
    return Settings.entry(name)?.kind
  }

  /// How many arguments are before the cursor, options and their values apart.
  func argumentCount(_ context: CompletionContext, _ signature: Signature) -> Int {
    var count = 0
    var words = context.command.words[...]
    if let name = context.command.name?.value, registry[name] == nil {
      words = words.drop { word in
        registry.phrases.contains { $0.words.dropFirst().contains(word.plain ?? "") }
      }
    }
    while let word = words.popFirst() {
      guard let name = word.optionName?.value, let option = option(name, signature) else {
        if !word.isOptionLike { count += 1 }
        continue
      }
      if option.kind != .flag, word.writtenOption?.value == nil { words = words.dropFirst() }
    }
    return count
  }

  /// The text as it must be written where the cursor is.
  private static func quoted(_ proposal: Proposal, _ context: CompletionContext) -> String {
    if proposal.isKeyword, context.partial.quote == .none { return proposal.text }
    switch context.role {
    case .variable, .member, .keyword: return proposal.text
    default: break
    }
    switch context.partial.quote {
    case .single where !proposal.text.contains("'"):
      return "'" + proposal.text + (proposal.isFinal ? "'" : "")
    case .single, .double:
      return proposal.isFinal
        ? Quoting.double(proposal.text) : "\"" + Quoting.escaped(proposal.text)
    case .none:
      if proposal.text.hasPrefix("-") { return proposal.text }
      // A home folder's `~` needs no quotes for itself.
      if proposal.text.hasPrefix("~/"), Quoting.quote("." + proposal.text.dropFirst()).first == "."
      {
        return proposal.text
      }
      let quoted = Quoting.quote(proposal.text)
      // What goes on, as a folder does, goes on in the quote it needs.
      return proposal.isFinal || quoted == proposal.text ? quoted : String(quoted.dropLast())
    }
  }
}
