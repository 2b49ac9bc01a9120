import DevLakeKit
import LineEditing
import ShellLanguage

extension Selection {
  /// What the command works on; where no word says it, a person picks.
  ///
  /// - Parameters:
  ///   - example: What to write instead, for where nobody can be asked.
  ///   - flags: What else is missing then, so that everything is named at once.
  func targetsOrPick(
    example: String,
    and flags: [String] = []
  ) async throws(Failure) -> [ConnectionTarget] {
    let found = try await targets()
    guard found.isEmpty else { return found }
    // One of several instances is asked for all it has, and may have none.
    let isSelected = !call.all(argument: "SEL").isEmpty || !call.all(option: "where").isEmpty
    guard !isSelected, !session.options.isFleetMember else {
      // Where nothing would change, nothing is an answer.
      guard call.signature.changes else { return [] }
      throw .notFound("no connection is selected", at: call.whole)
    }
    guard session.conversation.canAsk else { throw nothingSelected(example, flags) }
    return try await pick()
  }

  private func nothingSelected(_ example: String, _ others: [String]) -> Failure {
    let missing = ["plugin", "id"].filter { call.option($0) == nil }
    let known = call.option("plugin") != nil || session.selectedPlugin != nil
    let flags = (known ? ["id"] : missing).map { "--\($0) \($0.uppercased())" }
    var failure = Failure.unasked(
      "'\(call.signature.name)' needs a connection",
      flags: flags + others
    )
    failure.diagnostic.help = failure.diagnostic.help.map { "\($0), or a selector: \(example)" }
    return failure
  }

  /// Shows the connections in question and lets a person say which: as at the command line, or by
  /// a part of a name.
  private func pick() async throws(Failure) -> [ConnectionTarget] {
    let plugin = call.option("plugin").map { session.plugin($0.text) } ?? session.selectedPlugin
    let connections: [Connection]
    if let plugin {
      connections = try await session.connections(of: plugin, at: call.option("plugin"))
    } else {
      connections = try await session.everyConnection()
    }
    guard !connections.isEmpty else {
      throw .notFound(
        "there is no connection to \(call.signature.name)",
        help: "'create' creates one"
      )
    }
    let rows = connections.map { "\($0.key) \"\(ServerText.line($0.name))\"" }
    let question =
      plugin == nil
      ? "Which (PLUGIN/ID, a name, a pattern, all): "
      : "Which (an id, 1-5, a name, a pattern, all): "
    let title = "Connection to \(call.signature.name):"
    let heading = question.replacing("Which", with: "Connection to \(call.signature.name)")
    var list = MenuList(
      title: heading.replacing("): ", with: "):"),
      prompt: "Which: ",
      items: zip(rows, connections).map { row, connection in
        MenuList.Item(row, names: [connection.key.description])
      },
      takesText: true
    )
    while true {
      switch try await session.conversation.pick(list) {
      case .item(let index): return [session.target(connections[index])]
      case .end: throw Self.nothingChosen
      case .unavailable: return try await pick(among: connections, plugin, title, rows, question)
      case .text(let answer):
        switch try await choice(answer, among: connections, plugin) {
        case .targets(let targets): return targets
        case .none(let reason): if !reason.isEmpty { list.title = reason }
        }
      }
    }
  }

  private static let nothingChosen = Failure.unasked(
    "no connection was chosen",
    flags: ["--plugin PLUGIN", "--id ID"]
  )

  /// The same on a terminal that cannot draw a list: it is written down, as far as it helps.
  private func pick(
    among connections: [Connection],
    _ plugin: PluginDescriptor?,
    _ title: String,
    _ rows: [String],
    _ question: String
  ) async throws(Failure) -> [ConnectionTarget] {
    var lines =
      [title] + rows.prefix(Self.mostRows).map { "  " + $0 }
    if rows.count > Self.mostRows { lines.append("  and \(rows.count - Self.mostRows) more") }
    var asked = lines.joined(separator: "\n") + "\n" + question
    while let answer = try await session.conversation.ask(asked) {
      switch try await choice(answer, among: connections, plugin) {
      case .targets(let targets): return targets
      case .none(let reason): asked = reason + (reason.isEmpty ? "" : "\n") + question
      }
    }
    throw Self.nothingChosen
  }

  /// More rows than this push the first ones off the screen.
  private static let mostRows = 40

  private enum Choice {
    case targets([ConnectionTarget])
    case none(String)
  }

  private func choice(
    _ answer: String,
    among connections: [Connection],
    _ plugin: PluginDescriptor?
  ) async throws(Failure) -> Choice {
    guard !answer.isEmpty else { return .none("") }
    let source = SourceText(name: "<answer>", text: answer)
    let refusal: Failure
    do throws(Failure) {
      return .targets(try await selected([answer], source, plugin))
    } catch {
      refusal = error
    }
    guard refusal.exitCode == .usage || refusal.diagnostic.code == .notFound else { throw refusal }
    // Several, each written as at the command line.
    if let words = Self.words(of: answer), words.count > 1 || words.first != answer {
      do throws(Failure) {
        return .targets(try await selected(words, source, plugin))
      } catch {
        guard error.exitCode == .usage || error.diagnostic.code == .notFound else { throw error }
      }
    }
    let wanted = answer.lowercased()
    let parts = connections.filter { $0.name.lowercased().contains(wanted) }
    guard let first = parts.first else {
      let help = refusal.diagnostic.help.map { "; \($0)" } ?? ""
      return .none("   \(refusal.diagnostic.message)\(help)")
    }
    guard parts.count == 1 else {
      let keys = parts.prefix(5).map { "\($0.key) \"\(ServerText.line($0.name))\"" }
      let more = parts.count > 5 ? " and \(parts.count - 5) more" : ""
      return .none("   '\(answer)' is in \(keys.joined(separator: ", "))\(more)")
    }
    // Only a part of its name: said before it counts.
    let shown = "\(first.key) \"\(ServerText.line(first.name))\"? (yes/no): "
    let confirmation = try await session.conversation.ask(shown)
    guard ["y", "yes"].contains(confirmation?.lowercased() ?? "") else { return .none("") }
    return .targets([session.target(first)])
  }

  /// What words of an answer select, as they would at the command line.
  private func selected(
    _ words: [String],
    _ source: SourceText,
    _ plugin: PluginDescriptor?
  ) async throws(Failure) -> [ConnectionTarget] {
    var targets: [ConnectionTarget] = []
    for word in words {
      let span = SourceSpan(lower: 0, upper: source.text.utf8.count)
      let given = ArgumentValue(value: .text(word), span: span, source: source)
      // Looked for among what there is: an id that nobody has is asked again.
      let found = try await find(try read(text: word, given, plugin: plugin), needsDetails: true)
      guard !found.isEmpty else { throw .notFound("'\(word)' selects no connection", at: given) }
      targets += found
    }
    var seen: Set<ConnectionKey> = []
    return targets.filter { seen.insert($0.key).inserted }
  }

  /// The words of an answer as the language takes them apart, where all of them are plain.
  private static func words(of answer: String) -> [String]? {
    let parsed = Parser.parse(SourceText(name: "<answer>", text: "select " + answer))
    guard parsed.allMistakes.isEmpty, parsed.script.statements.count == 1,
      case .list(.command(let piped)) = parsed.script.statements[0], piped.destination == nil
    else { return nil }
    let words = piped.command.words.compactMap(\.literal)
    return words.count == piped.command.words.count ? words : nil
  }
}
