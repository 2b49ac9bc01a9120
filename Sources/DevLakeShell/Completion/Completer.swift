import DevLakeKit

/// Tells what may stand at the cursor, from the signatures and from what the session has seen.
///
/// It answers from memory and asks nobody.
struct Completer {
  let session: Session
  let registry: CommandRegistry

  /// One thing that may stand at the cursor.
  struct Proposal: Equatable {
    var text: String
    var description = ""
    /// Whether the word is finished by it.
    var isFinal = true
  }

  /// What may replace the word at the cursor.
  ///
  /// - Parameter isQuoting: Whether candidates are written as the language wants them; another
  ///   shell quotes for itself.
  func answer(_ line: String, cursor: Int, isQuoting: Bool = true) -> CompletionAnswer {
    let source = SourceText(name: DiagnosticRenderer.prompt, text: line)
    let context = innermost(CompletionContext.at(cursor: cursor, in: source))
    let written = context.partial.value ?? ""
    let candidates = proposals(for: context, written: written)
      .filter { $0.text.hasPrefix(written) && $0.text != "" }
      .map { proposal in
        CompletionAnswer.Candidate(
          text: isQuoting ? Self.quoted(proposal, context) : proposal.text,
          display: proposal.text,
          description: proposal.description,
          appendsBlank: proposal.isFinal
        )
      }
    let span = context.partial.span
    return CompletionAnswer(replaced: span.lower..<span.upper, candidates: candidates)
  }

  private func proposals(for context: CompletionContext, written: String) -> [Proposal] {
    switch context.role {
    case .command: return commands
    case .argument: return words(context, written)
    case .optionValue(let name):
      guard
        let option = signature(context)?.allOptions.first(where: { "--" + $0.name == name.value })
      else { return [] }
      return values(option.kind, written)
    case .variable: return session.variables.keys.sorted().map { Proposal(text: $0) }
    case .keyword(let words): return words.map { Proposal(text: $0) }
    case .file: return files(written)
    case .member, .value, .shell, .nothing: return []
    }
  }

  private var commands: [Proposal] {
    registry.commands.map { Proposal(text: $0.signature.name, description: $0.signature.abstract) }
      + [Proposal(text: "configure", description: "the documents' own words")]
  }

  /// What may stand as the next word of a command: an option's value, an option, an argument.
  private func words(_ context: CompletionContext, _ written: String) -> [Proposal] {
    if let phrase = phraseWords(context) { return phrase }
    guard let signature = signature(context) else { return [] }
    if let last = context.command.words.last, let name = last.optionName?.value,
      last.writtenOption?.value == nil,
      let option = option(name, signature), option.kind != .flag
    {
      return values(option.kind, written)
    }
    if written.hasPrefix("-"), context.partial.quote == .none { return options(signature, context) }
    let position = min(argumentCount(context, signature), max(0, signature.arguments.count - 1))
    guard !signature.arguments.isEmpty else { return options(signature, context) }
    let argument = signature.arguments[position]
    if let setting = setting(signature, context), position == 1 { return values(setting, written) }
    let isFull =
      argumentCount(context, signature) >= signature.arguments.count && !argument.isRepeated
    let found = isFull ? [] : values(argument.kind, written)
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

  func option(_ name: String, _ signature: Signature) -> Signature.Option? {
    signature.allOptions.first { "--" + $0.name == name || $0.short.map { "-\($0)" } == name }
  }

  func signature(_ context: CompletionContext) -> Signature? {
    guard let name = context.command.name?.value else { return nil }
    if let command = registry[name] { return command.signature }
    let spoken = [name] + context.command.words.compactMap(\.plain)
    return registry.phrases.filter { spoken.starts(with: $0.words) }
      .max { $0.words.count < $1.words.count }
      .flatMap { registry[$0.command]?.signature }
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
    openOptions(context, signature).map { Proposal(text: "--" + $0.name, description: $0.help) }
  }

  /// The options that may still be given.
  func openOptions(_ context: CompletionContext, _ signature: Signature) -> [Signature.Option] {
    let given = context.command.words.compactMap { $0.optionName?.value }
    return signature.allOptions.filter { $0.isRepeated || !given.contains("--" + $0.name) }
  }

  /// The kind of the value `set NAME` takes.
  private func setting(_ signature: Signature, _ context: CompletionContext) -> ValueKind? {
    guard signature.name == SetCommand().signature.name,
      let name = context.command.words.first?.literal
    else { return nil }
    return Settings.entry(name)?.kind
  }

  /// How many arguments stand before the cursor, options and their values apart.
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

  /// What may stand where a value of that kind is wanted.
  func values(_ kind: ValueKind, _ written: String) -> [Proposal] {
    switch kind {
    case .plugin: plugins
    case .selector: selectors(written)
    case .id: ids
    case .choice(let words): words.map { Proposal(text: $0) }
    case .secret: references(written)
    case .file: files(written)
    case .command, .commandLine: commands
    case .address: instances
    case .variable: session.variables.keys.sorted().map { Proposal(text: $0) }
    case .method: APIRequest.methods.map { Proposal(text: $0) }
    case .route: routes
    case .body:
      files(String(written.dropFirst())).map {
        Proposal(text: "@" + $0.text, isFinal: $0.isFinal)
      }
    case .condition, .text, .anything, .flag, .integer, .seconds, .interval, .url, .field: []
    }
  }

  /// The instances with a name; a file of them that cannot be read is said when one is used.
  private var instances: [Proposal] {
    ((try? session.namedInstances())?.all ?? []).map {
      Proposal(text: $0.name, description: URLText.shown($0.url))
    }
  }

  /// Plugins with connections when any were seen; else those of the server or the catalogue.
  private var plugins: [Proposal] {
    let seen = session.cache.all.map(\.key.plugin)
    var names: [String] = []
    for name in seen where !names.contains(name) { names.append(name) }
    if names.isEmpty { names = PluginRegistry.standard.plugins.map(\.id) }
    return names.map { Proposal(text: $0, description: session.plugin($0).displayName) }
  }

  private var ids: [Proposal] {
    guard let plugin = session.selectedPlugin else { return [] }
    return (session.cache[plugin.id] ?? []).map {
      Proposal(text: "\($0.key.id)", description: $0.name)
    }
  }

  private func selectors(_ written: String) -> [Proposal] {
    var found = [Proposal(text: "all", description: "every connection")] + ids
    if written.contains("/") || session.selectedPlugin == nil {
      found += session.cache.all.map { Proposal(text: $0.key.description, description: $0.name) }
    }
    if !written.isEmpty {
      found += session.cache.all.filter {
        session.selectedPlugin.map(\.id) ?? $0.key.plugin == $0.key.plugin
      }
      .map { Proposal(text: $0.name, description: $0.key.description) }
    }
    return found
  }

  /// Where DevLake's API begins, and the connections that were seen.
  private var routes: [Proposal] {
    let roots = ["version", "plugins", "blueprints", "projects", "pipelines", "api-keys"]
    return roots.map { Proposal(text: "/" + $0) }
      + session.cache.all.map {
        Proposal(text: "/plugins/\($0.key.plugin)/connections/\($0.key.id)", description: $0.name)
      }
  }

  /// The ways to name a secret, and after `env:` the variables that look like one.
  private func references(_ written: String) -> [Proposal] {
    if written.hasPrefix("env:") {
      return session.world.environment.keys.sorted().map { Proposal(text: "env:\($0)") }
    }
    if written.hasPrefix("file:") {
      return files(String(written.dropFirst(5))).map {
        Proposal(text: "file:" + $0.text, isFinal: $0.isFinal)
      }
    }
    return [
      Proposal(text: "env:", description: "an environment variable", isFinal: false),
      Proposal(text: "file:", description: "a file", isFinal: false),
      Proposal(text: "cmd:", description: "what a command prints", isFinal: false),
      Proposal(text: "prompt", description: "asked, hidden"),
    ]
  }

  private func files(_ written: String) -> [Proposal] {
    FileNames.completions(of: written, in: session.world.workingDirectory)
      .map { Proposal(text: $0, isFinal: !$0.hasSuffix("/")) }
  }

  /// The text as it must be written where the cursor is.
  private static func quoted(_ proposal: Proposal, _ context: CompletionContext) -> String {
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
      return proposal.text.hasPrefix("-") || !proposal.isFinal
        ? proposal.text : Quoting.quote(proposal.text)
    }
  }
}
