import DevLakeKit
import ShellLanguage

/// The connections a command works on, found from its words and options.
struct Selection {
  /// One connection, with as much as is known of it.
  struct Target: Sendable {
    let plugin: PluginDescriptor
    let id: Int
    /// Known when the connection was listed.
    var connection: Connection?

    var key: ConnectionKey { ConnectionKey(plugin: plugin.id, id: id) }
  }

  let session: Session
  let call: Call

  /// What the command works on, in the order it was named; each connection once.
  ///
  /// - Parameter needsDetails: Whether connections named by id are looked up, too.
  func targets(needsDetails: Bool = false) async throws(Failure) -> [Target] {
    let conditions = try call.all(option: "where").map { (given) throws(Failure) in
      try Condition(given)
    }
    var targets: [Target] = []
    for wish in try wishes(hasConditions: !conditions.isEmpty) {
      targets += try await find(wish, needsDetails: needsDetails || !conditions.isEmpty)
    }
    var seen: Set<ConnectionKey> = []
    targets = targets.filter { seen.insert($0.key).inserted }
    guard !conditions.isEmpty else { return targets }
    let rows = targets.compactMap { target in
      target.connection.map { (target, session.fields(of: $0)) }
    }
    for condition in conditions { try condition.check(against: rows.map(\.1)) }
    return rows.filter { row in conditions.allSatisfy { $0.holds(for: row.1) } }.map(\.0)
  }

  /// One word of the command, read.
  struct Wish {
    var plugin: PluginDescriptor?
    var selector: Selector
    var given: Given
    /// What stands before the first slash, where it could be a plugin the catalogue lacks.
    var prefix: String?
  }

  private func wishes(hasConditions: Bool) throws(Failure) -> [Wish] {
    let plugin = call.option("plugin").map { session.plugin($0.text) }
    var wishes: [Wish] = []
    for given in call.all(argument: "SEL") {
      wishes += try read(given, plugin: plugin)
    }
    if let id = call.option("id") {
      guard let number = ConnectionKey.id(id.text) else {
        throw .invalid("'\(id.text)' is no id of a connection", at: id)
      }
      guard wishes.isEmpty else {
        throw .usage("'--id' and a selector name connections twice", at: id, help: "leave one out")
      }
      let selected = plugin ?? session.selectedPlugin
      guard let selected else {
        throw .unasked(
          "--id alone does not say which plugin",
          flags: ["--plugin PLUGIN"]
        )
      }
      wishes = [
        Wish(plugin: selected, selector: .ids([number...number], hasRange: false), given: id)
      ]
    }
    if wishes.isEmpty, hasConditions {
      wishes = [Wish(plugin: plugin ?? session.selectedPlugin, selector: .all, given: call.whole)]
    }
    return wishes
  }

  /// Reads a word, or a value of the language: a connection, or a list of them.
  private func read(_ given: Given, plugin: PluginDescriptor?) throws(Failure) -> [Wish] {
    switch given.value {
    case .data(.array(let elements))?:
      var wishes: [Wish] = []
      for element in elements {
        var single = given
        single.value = .data(element)
        wishes += try read(single, plugin: plugin)
      }
      return wishes
    case .data(.object(let record))?:
      guard let name = record["plugin"]?.string, let id = record["id"]?.int, id > 0 else {
        throw .invalid("this record is no connection: it has no plugin and id", at: given)
      }
      return [
        Wish(
          plugin: session.plugin(name),
          selector: .ids([id...id], hasRange: false),
          given: given
        )
      ]
    default: return [try read(text: given.text, given, plugin: plugin)]
    }
  }

  func read(
    text: String,
    _ given: Given,
    plugin: PluginDescriptor?
  ) throws(Failure) -> Wish {
    var (named, rest) = (plugin, text)
    var unknown: String?
    if let slash = text.firstIndex(of: "/"), !Selector.isName(text) {
      let prefix = String(text[..<slash])
      if session.knows(plugin: prefix) {
        // With --plugin github, github/3 names it twice; gitlab/3 can be a name only.
        if plugin == nil || plugin?.id == session.plugin(prefix).id {
          named = session.plugin(prefix)
          rest = String(text[text.index(after: slash)...])
        }
      } else if plugin == nil, Selector.mayBePlugin(prefix),
        let near = Suggestion.closest(to: prefix, among: PluginRegistry.standard.names)
      {
        throw .invalid("no plugin named '\(prefix)'", at: given, help: "did you mean '\(near)'?")
      } else if plugin == nil {
        unknown = prefix
      }
    }
    guard !rest.isEmpty else {
      throw .invalid("nothing is selected", at: given, help: "write an id, a name, or 'all'")
    }
    do throws(SelectorMistake) {
      return Wish(
        plugin: named ?? session.selectedPlugin,
        selector: try Selector(rest),
        given: given,
        prefix: unknown
      )
    } catch {
      throw .invalid(error.reason, at: given, help: error.help)
    }
  }

  func find(_ wish: Wish, needsDetails: Bool) async throws(Failure) -> [Target] {
    if case .ids(let ranges, let hasRange) = wish.selector {
      guard let plugin = wish.plugin else {
        throw .usage(
          "no plugin is selected",
          at: wish.given,
          help: "write PLUGIN/\(wish.given.text), or select one with 'use PLUGIN'"
        )
      }
      if !hasRange, ranges.count == 1, let id = ranges.first?.lowerBound, !needsDetails {
        return [Target(plugin: plugin, id: id, connection: session.seen(plugin.id, id))]
      }
      return try await find(ranges, hasRange: hasRange, plugin, wish.given)
    }
    let listed: [Connection]
    if let plugin = wish.plugin {
      listed = try await session.connections(of: plugin, at: wish.given)
    } else {
      listed = try await session.everyConnection()
    }
    let found = listed.filter { connection in
      switch wish.selector {
      case .all, .ids: true
      case .pattern(let pattern): Wildcard.matches(connection.name, pattern)
      case .name(let name): connection.name == name
      }
    }
    if found.isEmpty, let other = try await wishOfUnknownPlugin(wish) {
      return try await find(other, needsDetails: needsDetails)
    }
    try check(found, listed, wish)
    return found.map(session.target)
  }

  private func find(
    _ ranges: [ClosedRange<Int>],
    hasRange: Bool,
    _ plugin: PluginDescriptor,
    _ given: Given
  ) async throws(Failure) -> [Target] {
    let listed = try await session.connections(of: plugin, at: given)
    var targets: [Target] = []
    for range in ranges {
      let found = listed.filter { range.contains($0.key.id) }
      if range.count == 1, found.isEmpty {
        throw .notFound(
          "no connection \(plugin.id)/\(range.lowerBound)",
          at: given,
          help: "'list --plugin \(plugin.id)' shows what is there"
        )
      }
      targets += found.map(session.target)
    }
    guard !targets.isEmpty else {
      throw .notFound("no connection of \(plugin.id) has an id in '\(given.text)'", at: given)
    }
    return targets
  }

  private func help(_ name: String, _ listed: [Connection], _ wish: Wish) -> String {
    if let near = Suggestion.closest(to: name, among: listed.map(\.name)) {
      return "did you mean '\(near)'?"
    }
    return wish.plugin == nil && session.knows(plugin: name)
      ? "'\(name)/all' means all its connections" : "'list' shows what is there"
  }

  private func check(_ found: [Connection], _ listed: [Connection], _ wish: Wish) throws(Failure) {
    switch wish.selector {
    case .all, .ids: return
    case .pattern(let pattern):
      guard found.isEmpty else { return }
      throw .notFound("no connection has a name like '\(pattern)'", at: wish.given)
    case .name(let name):
      if found.isEmpty {
        if let prefix = wish.prefix,
          ConnectionKey.id(name.dropFirst(prefix.count + 1)) != nil
        {
          throw .notFound(
            "no plugin named '\(prefix)'",
            at: wish.given,
            help: "'plugins' lists them"
          )
        }
        throw .notFound(
          "no connection named '\(name)'",
          at: wish.given,
          help: help(name, listed, wish)
        )
      }
      guard found.count == 1 else {
        throw .invalid(
          "'\(name)' is the name of several connections",
          at: wish.given,
          help: "write \(found.map(\.key.description).joined(separator: " or "))"
        )
      }
    }
  }
}
