import DevLakeKit
import ShellLanguage

/// The connections a command works on, found from its words and options.
struct Selection {
  let session: Session
  let call: Call

  /// What the command works on, in the order it was named; each connection once.
  ///
  /// - Parameter needsDetails: Whether connections named by id are looked up, too.
  func targets(needsDetails: Bool = false) async throws(Failure) -> [ConnectionTarget] {
    let conditions = try call.all(option: "where").map { (given) throws(Failure) in
      try Condition(given)
    }
    var targets: [ConnectionTarget] = []
    for wish in try wishes(hasConditions: !conditions.isEmpty) {
      guard try await session.isOwn(wish) else { continue }
      targets += try await find(wish, needsDetails: needsDetails || !conditions.isEmpty)
    }
    var seen: Set<ConnectionKey> = []
    targets = targets.filter { seen.insert($0.key).inserted }
    guard !conditions.isEmpty else { return targets }
    let rows = targets.compactMap { target in
      target.connection.map { (target, session.fields(of: $0)) }
    }
    for condition in conditions { try condition.check(against: rows.map(\.1)) }
    return try rows.filter(where: conditions, \.1).map(\.0)
  }

  /// One word of the command, read.
  struct Wish {
    var plugin: PluginDescriptor?
    var selector: Selector
    var given: ArgumentValue
    /// What is before the first slash, where it could be a plugin the catalog lacks.
    var prefix: String?
    /// The text came from outside the script: it is one id or one exact name.
    var isForeign = false
    /// The DevLake a record says it is of.
    var instance: String?
  }

  private func wishes(hasConditions: Bool) throws(Failure) -> [Wish] {
    let plugin = call.option("plugin").map { session.plugin($0.text) }
    var wishes: [Wish] = []
    for given in call.all(argument: "SEL") {
      wishes += try read(given, plugin: plugin)
    }
    if let id = call.option("id") {
      guard let number = ConnectionKey.id(id.text) else {
        throw .invalid("'\(id.text)' is not a connection ID", at: id)
      }
      guard wishes.isEmpty else {
        throw .usage(
          "'--id' cannot be combined with a selector",
          at: id,
          help: "remove one of them"
        )
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
    // Of several instances nobody picks: without a word all connections are meant.
    let meansAll = session.options.isFleetMember && call.all(argument: "SEL").isEmpty
    if wishes.isEmpty, hasConditions || meansAll {
      wishes = [Wish(plugin: plugin ?? session.selectedPlugin, selector: .all, given: call.whole)]
    }
    return wishes
  }

  /// Reads a word, or a value of the language: a connection, or a list of them.
  private func read(_ given: ArgumentValue, plugin: PluginDescriptor?) throws(Failure) -> [Wish] {
    switch given.value {
    case .data(.array(let elements))?:
      var wishes: [Wish] = []
      for element in elements {
        var single = given
        single.value = .data(element)
        if given.pieces != nil, let text = element.string {
          single.pieces = [Expanded.Piece(text: text, isForeign: true)]
        }
        wishes += try read(single, plugin: plugin)
      }
      return wishes
    case .data(.object(let record))?:
      guard let name = record["plugin"]?.string, let id = record["id"]?.int, id > 0 else {
        throw .invalid("this record is not a connection: it has no plugin and id", at: given)
      }
      // Beside a value `--plugin` keeps what is of that plugin.
      if let plugin, session.plugin(name).id != plugin.id { return [] }
      return [
        Wish(
          plugin: session.plugin(name),
          selector: .ids([id...id], hasRange: false),
          given: given,
          instance: record["instance"]?.string
        )
      ]
    default:
      let wish = try read(text: given.text, given, plugin: plugin)
      return [
        try given.pieces.map { (pieces) throws(Failure) in
          try narrowed(wish, pieces, plugin)
        } ?? wish
      ]
    }
  }

  /// What a word selects of which a part came from outside the script: patterns, ranges, lists and
  /// `all` count only where they are written.
  private func narrowed(
    _ wish: Wish,
    _ pieces: [Expanded.Piece],
    _ plugin: PluginDescriptor?
  ) throws(Failure) -> Wish {
    var wish = wish
    wish.isForeign = true
    switch wish.selector {
    case .name: return wish
    case .ids(let ranges, hasRange: false) where ranges.count == 1: return wish
    case .all, .pattern, .ids: break
    }
    // The same word with letters instead of what came from outside: is it still as wide?
    let neutral = pieces.map { piece in
      let isNumber =
        !piece.text.isEmpty && piece.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      return !piece.isForeign || isNumber
        ? piece.text : String(repeating: "x", count: max(1, piece.text.count))
    }
    let isWritten: Bool
    do throws(Failure) {
      let other = try read(text: neutral.joined(), wish.given, plugin: plugin)
      switch (wish.selector, other.selector) {
      case (.all, .all), (.ids, .ids): isWritten = other.plugin?.id == wish.plugin?.id
      case (.pattern, .pattern):
        isWritten =
          other.plugin?.id == wish.plugin?.id
          && !pieces.contains { $0.isForeign && $0.text.contains { "*?".contains($0) } }
      default: isWritten = false
      }
    } catch {
      isWritten = false
    }
    if isWritten { return wish }
    wish.selector = .name(wish.given.text)
    wish.plugin = plugin ?? session.selectedPlugin
    wish.prefix = nil
    return wish
  }

  func read(
    text: String,
    _ given: ArgumentValue,
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
      throw .invalid("nothing is selected", at: given, help: "write an ID, a name, or 'all'")
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

  func find(_ wish: Wish, needsDetails: Bool) async throws(Failure) -> [ConnectionTarget] {
    if case .ids(let ranges, let hasRange) = wish.selector {
      guard let plugin = wish.plugin else {
        throw .usage(
          "no plugin is selected",
          at: wish.given,
          help: "write PLUGIN/\(wish.given.text), or select one with 'use PLUGIN'"
        )
      }
      try await refuseAmbiguity(wish, plugin)
      if !hasRange, ranges.count == 1, let id = ranges.first?.lowerBound, !needsDetails {
        return [
          ConnectionTarget(
            plugin: plugin,
            id: id,
            connection: session.inventory.connection(plugin.id, id)
          )
        ]
      }
      return try await find(ranges, hasRange: hasRange, plugin, wish.given)
    }
    let listed: [Connection]
    if let plugin = wish.plugin {
      listed = try await session.connections(of: plugin, at: wish.given)
    } else {
      listed = try await session.everyConnection(toleratesGaps: !call.signature.changes)
    }
    let found = listed.filter { connection in
      switch wish.selector {
      case .all, .ids: true
      case .pattern(let pattern): Wildcard.matches(connection.name, pattern)
      case .name(let name): connection.name == name
      }
    }
    if found.isEmpty, !wish.isForeign {
      // A plugin's name alone means its connections, unless one of them has that name.
      if case .name(let name) = wish.selector, wish.plugin == nil, session.knows(plugin: name) {
        return try await session.connections(of: session.plugin(name), at: wish.given)
          .map(session.target)
      }
      if let other = try await wishOfUnknownPlugin(wish) {
        return try await find(other, needsDetails: needsDetails)
      }
    }
    if found.isEmpty, case .name = wish.selector, let gap = session.findings.gaps.first {
      // It may be the name of a connection that could not be listed.
      throw Failure(gap.diagnostic, exitCode: gap.exitCode)
    }
    try check(found, listed, wish)
    return found.map(session.target)
  }

  /// Text from outside the script that is an id and the name of a connection can mean either.
  private func refuseAmbiguity(_ wish: Wish, _ plugin: PluginDescriptor) async throws(Failure) {
    guard wish.isForeign, case .data(.string(let text))? = wish.given.value,
      wish.given.pieces?.count == 1
    else { return }
    let listed = try await session.connections(of: plugin, at: wish.given)
    guard let named = listed.first(where: { $0.name == text }) else { return }
    throw .invalid(
      "'\(text)' is an ID and the name of \(named.key)",
      at: wish.given,
      help: "write name:… for the name, \(plugin.id)/… for the ID"
    )
  }

  private func find(
    _ ranges: [ClosedRange<Int>],
    hasRange: Bool,
    _ plugin: PluginDescriptor,
    _ given: ArgumentValue
  ) async throws(Failure) -> [ConnectionTarget] {
    let listed = try await session.connections(of: plugin, at: given)
    var targets: [ConnectionTarget] = []
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
    guard !targets.isEmpty || !call.signature.changes else {
      throw .notFound("no connection of \(plugin.id) has an ID in '\(given.text)'", at: given)
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
      guard found.isEmpty, call.signature.changes else { return }
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

extension Array {
  /// The elements whose fields satisfy every condition.
  func filter(
    where conditions: [Selection.Condition],
    _ fields: (Element) -> JSONObject
  ) throws(Failure) -> [Element] {
    var found: [Element] = []
    element: for element in self {
      let fields = fields(element)
      for condition in conditions where try !condition.holds(for: fields) { continue element }
      found.append(element)
    }
    return found
  }
}
