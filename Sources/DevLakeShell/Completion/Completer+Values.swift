import DevLakeKit
import ShellLanguage

/// What may be where a value is wanted: what the session has seen, and what the machine has.
extension Completer {
  /// What may be where a value of that kind is wanted.
  func values(
    _ kind: ValueKind,
    _ written: String,
    _ context: CompletionContext? = nil
  ) -> [Proposal] {
    switch kind {
    case .plugin: plugins(written, context)
    case .selector: selectors(written, context)
    case .id: ids(context)
    // 'true' is one of the words, and is none in quotes.
    case .choice(let words), .pluginChoice(let words):
      words.map { Proposal(text: $0, isKeyword: true) }
    case .secret: references(written)
    case .file: files(written)
    case .command, .commandLine: commands
    case .topic:
      commands + LanguageTopic.all.map { Proposal(text: $0.name, description: $0.abstract) }
    case .address, .instance: instances
    case .instancePattern: instancePatterns(written)
    case .key: keys(context)
    case .variable: session.variables.names.map { Proposal(text: $0) }
    case .method: ValueKind.methods.map { Proposal(text: $0) }
    case .route: routes
    case .body:
      files(String(written.dropFirst())).map {
        Proposal(text: "@" + $0.text, isFinal: $0.isFinal)
      }
    case .condition: conditionFields(written, context)
    case .text, .anything, .flag, .integer, .seconds, .pause, .interval, .day, .age, .time, .url,
      .field, .namedSecret:
      []
    case .numberedSecret: numberedReferences(written)
    }
  }

  /// References behind the number and its `=`.
  private func numberedReferences(_ written: String) -> [Proposal] {
    guard let equals = written.firstIndex(of: "=") else { return [] }
    let head = written[...equals]
    return references(String(written[written.index(after: equals)...])).map {
      Proposal(text: head + $0.text, description: $0.description, isFinal: $0.isFinal)
    }
  }

  func files(_ written: String) -> [Proposal] {
    FileNames.completions(
      of: written,
      in: session.world.workingDirectory,
      home: session.world.environment["HOME"]
    )
    .map { Proposal(text: $0, isFinal: !$0.hasSuffix("/")) }
  }

  /// The names of variables, and in braces those that only have members.
  ///
  /// No blank follows: a name may be in a text.
  func variables(isBraced: Bool) -> [Proposal] {
    var found = session.variables.values.sorted { $0.key < $1.key }
      .map { Proposal(text: $0.key, description: $0.value.kindName, isFinal: false) }
    for (name, description) in [
      ("status", "the last exit code"), ("args", "the script's arguments"),
      ("now", "the time in UTC"), ("today", "the day in UTC"),
    ] {
      found.append(Proposal(text: name, description: description, isFinal: false))
    }
    guard isBraced else { return found }
    return found + [
      Proposal(text: "error.", description: "the last failure", isFinal: false),
      Proposal(text: "env.", description: "an environment variable", isFinal: false),
    ]
  }

  /// The keys after `${name.`.
  func members(of reference: VariableReference) -> [Proposal] {
    let names: [String]
    switch reference.name {
    case "env": names = session.world.environment.keys.sorted()
    case "error": names = BuiltInVariables.errorMembers
    default:
      guard case .data(var value)? = session.variables[reference.name] else { return [] }
      for step in reference.path {
        let next: JSONValue? =
          switch step {
          case .member(let name): value[name]
          case .index(let index):
            value.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
          case .variable: nil
          }
        guard let next else { return [] }
        value = next
      }
      // A path goes through a list of one element.
      if let elements = value.array, elements.count == 1 { value = elements[0] }
      names = value.object?.keys ?? []
    }
    return names.map { Proposal(text: $0, isFinal: false) }
  }

  /// The instances with a name; a file of them that cannot be read is said when one is used.
  private var instances: [Proposal] {
    ((try? session.namedInstances())?.all ?? []).map {
      Proposal(text: $0.name, description: $0.url.text)
    }
  }

  /// The names behind the last comma, and the word for all of them.
  private func instancePatterns(_ written: String) -> [Proposal] {
    let before = written[
      ..<(written.lastIndex(of: ",").map { written.index(after: $0) } ?? written.startIndex)
    ]
    let given = Set(before.split(separator: ",").map(String.init))
    // Another name may follow each of them.
    var found = instances.filter { !given.contains($0.text) }.map {
      Proposal(text: before + $0.text, description: $0.description)
    }
    if before.isEmpty, !found.isEmpty {
      found.append(Proposal(text: "all", description: "every named instance"))
    }
    return found
  }

  /// The API keys that were seen; a webhook's goes with its connection, and is only given another
  /// secret.
  private func keys(_ context: CompletionContext?) -> [Proposal] {
    let word = context?.command.words.first { !$0.isOptionLike }?.literal
    guard let action = word.flatMap(KeysCommand.Action.init(rawValue:)),
      action == .rotate || action == .delete
    else { return [] }
    wanted?.noteKeys()
    guard let keys = session.inventory.keys else {
      return [Proposal(text: "asking DevLake which API keys there are", weight: .note)]
    }
    let names = keys.map(\.name)
    var found = keys.map { key in
      // A name that is another's number or name would mean that one as well.
      let isClear =
        names.count { $0 == key.name } == 1 && !keys.contains { "\($0.id)" == key.name }
      return Proposal(
        text: isClear ? key.name : "\(key.id)",
        description: "opens \(key.allowedPath)",
        weight: action == .delete ? .grave : .light
      )
    }
    if action == .rotate {
      let connections = PluginRegistry.standard.plugins.filter { !$0.issuedSecret.isEmpty }
        .flatMap { session.inventory[$0.id] ?? [] }
      found += connections.filter { $0.apiKey != nil }.map {
        Proposal(text: $0.key.description, description: $0.name)
      }
    }
    return found.isEmpty ? [Proposal(text: "there is no API key", weight: .note)] : found
  }

  /// Plugins with connections; all that may have some where none of those is meant, and where a
  /// connection is to be made.
  private func plugins(_ written: String, _ context: CompletionContext?) -> [Proposal] {
    wanted?.noteAll()
    let isNew = context.flatMap(signature)?.name == CreateCommand().signature.name
    var names = isNew ? [] : session.inventory.plugins.filter { $0.hasPrefix(written) }
    if names.isEmpty {
      names = PluginRegistry.standard.plugins.map(\.id).sorted()
      if let known = session.inventory.serverPlugins { names.removeAll { !known.contains($0) } }
    }
    return names.map { Proposal(text: $0, description: session.plugin($0).displayName) }
  }

  /// The plugin bare ids are about: that of `--plugin`, or the selected one.
  func plugin(_ context: CompletionContext?) -> PluginDescriptor? {
    let words = context?.command.words ?? []
    for (index, word) in words.enumerated() where word.optionName?.value == "--plugin" {
      let next = index + 1 < words.count ? words[index + 1].literal : nil
      if let name = word.writtenOption?.value?.literal ?? next { return session.plugin(name) }
    }
    return usedPlugin ?? session.selectedPlugin
  }

  private func ids(_ context: CompletionContext?) -> [Proposal] {
    guard let plugin = plugin(context) else { return [] }
    return connections(of: plugin).map {
      Proposal(text: "\($0.key.id)", description: $0.name)
    }
  }

  private func connections(of plugin: PluginDescriptor) -> [Connection] {
    wanted?.note(plugin)
    return session.inventory[plugin.id] ?? []
  }

  /// All that were seen, to complete what is written; `github/7` is about GitHub's alone.
  private func connections(for written: String) -> [Connection] {
    let parts = written.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, let plugin = PluginRegistry.standard[String(parts[0])] {
      wanted?.note(plugin)
    } else {
      wanted?.noteAll()
    }
    return session.inventory.all
  }

  private func selectors(_ written: String, _ context: CompletionContext?) -> [Proposal] {
    let plugin = plugin(context)
    let isGrave = context.flatMap(signature)?.isDestructive == true
    var found = ids(context)
    if written.contains("/") || plugin == nil {
      found += connections(for: written).map {
        Proposal(text: $0.key.description, description: $0.name)
      }
    }
    if !written.isEmpty {
      let named = plugin.map(connections(of:)) ?? connections(for: written)
      found += named.map { Proposal(text: $0.name, description: $0.key.description) }
    }
    // Alone it would be typed: `all` is proposed beside something, and while what there is is not
    // known nothing is.
    guard !session.inventory.all.isEmpty else {
      let isKnown = session.inventory.serverPlugins != nil
      let note = isKnown ? "there is no connection" : "asking DevLake which connections there are"
      return found.isEmpty ? [Proposal(text: note, weight: .note)] : found
    }
    if isGrave { for index in found.indices { found[index].weight = .grave } }
    return [Proposal(text: "all", description: "every connection", weight: .total)] + found
  }

  /// Where DevLake's API begins, and the connections that were seen.
  private var routes: [Proposal] {
    wanted?.noteAll()
    let roots = ["version", "plugins", "blueprints", "projects", "pipelines", "api-keys"]
    return roots.map { Proposal(text: "/" + $0) }
      + session.inventory.all.map {
        Proposal(text: "/plugins/\($0.key.plugin)/connections/\($0.key.id)", description: $0.name)
      }
  }

  /// The ways to name a secret, and what may follow `env:` and `file:`.
  func references(_ written: String) -> [Proposal] {
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
}
