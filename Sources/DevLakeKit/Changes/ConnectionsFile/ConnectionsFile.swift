/// The connections a person wants DevLake to have: YAML or JSON, secrets as references only.
///
///     version: 1
///     connections:
///       - plugin: github
///         name: GitHub - acme
///         token: env:GITHUB_PAT
public struct ConnectionsFile: Sendable {
  /// The version this program reads and writes.
  public static let version = 1

  /// What the file asks for, in its order; those without a mistake.
  public let connections: [DesiredConnection]
  /// Everything wrong with it, in the order of the places.
  public let mistakes: [ConnectionsFileMistake]
  /// Where secrets may stand spelled out; what is there is never shown.
  public let secretPlaces: [TextPlace]

  /// Reads a file; what is wrong with it is in ``mistakes``.
  ///
  /// - Throws: ``YAMLMistake`` when it is not YAML at all.
  public init(
    parsing text: String,
    _ registry: PluginRegistry = .standard
  ) throws(YAMLMistake) {
    var reader = ConnectionsFileReader(registry: registry)
    reader.read(try YAML.parsePlaced(text))
    connections = reader.connections
    secretPlaces = reader.secretPlaces
    mistakes = reader.mistakes.sorted { lhs, rhs in
      (lhs.place.line, lhs.place.column) < (rhs.place.line, rhs.place.column)
    }
  }
}

/// Reads the outer shape of a connections file, and what must hold between its connections.
struct ConnectionsFileReader {
  let registry: PluginRegistry
  var connections: [DesiredConnection] = []
  var mistakes: [ConnectionsFileMistake] = []
  var secretPlaces: [TextPlace] = []

  mutating func read(_ root: PlacedValue) {
    guard let members = root.members else {
      return mistake(
        root.json.isNull ? "the file is empty" : "the file is not a mapping",
        at: root.place,
        help: "write 'version: 1' and 'connections:' with a list, as 'export' does"
      )
    }
    for member in members {
      switch member.key {
      case "version": readVersion(member.value)
      case "connections": readConnections(member.value)
      // For anchors.
      case let key where key.hasPrefix("x-"): continue
      default: unknown(member, among: ["version", "connections"], "the file has no key")
      }
    }
    for key in ["version", "connections"] where !members.contains(where: { $0.key == key }) {
      let value = key == "version" ? "version: \(ConnectionsFile.version)" : "connections:"
      mistake("'\(key)' is missing", at: root.place, help: "write '\(value)'")
    }
    checkNames()
    checkRenames()
  }

  private mutating func readVersion(_ value: PlacedValue) {
    guard value.json != .integer(ConnectionsFile.version) else { return }
    mistake(
      "unsupported version; this program reads version \(ConnectionsFile.version)",
      at: value.place,
      help: "write 'version: \(ConnectionsFile.version)'"
    )
  }

  private mutating func readConnections(_ value: PlacedValue) {
    if value.json.isNull { return }
    guard let elements = value.elements else {
      return mistake("'connections' must be a list", at: value.place, help: "begin each with '- '")
    }
    for element in elements {
      var reader = DesiredConnectionReader(registry: registry)
      if let connection = reader.read(element) { connections.append(connection) }
      mistakes += reader.mistakes
      secretPlaces += reader.secretPlaces
    }
  }

  /// No two of a plugin may have one name, nor names that MySQL takes for one.
  private mutating func checkNames() {
    var alike: [String: [DesiredConnection]] = [:]
    for later in connections {
      let key = later.plugin.id + "/" + ConnectionName.folded(later.name)
      defer { alike[key, default: []].append(later) }
      for first in alike[key] ?? [] {
        let place = "the other is in line \(first.place.line)"
        if first.name == later.name {
          mistake("\(Self.shown(later)) is listed twice", at: later.place, help: place)
        } else if ConnectionName.collides(first.name, later.name) {
          mistake(
            "\(Self.shown(later)) differs from another name only in trailing spaces",
            at: later.place,
            help: place + "; MySQL treats them as equal"
          )
        } else if ConnectionName.resembles(first.name, later.name) {
          mistakes.append(
            ConnectionsFileMistake(
              message: "\(Self.shown(later)) differs from another name only in case",
              place: later.place,
              help: place,
              weight: .warning
            )
          )
        } else {
          continue
        }
        break
      }
    }
  }

  private mutating func checkRenames() {
    for connection in connections {
      guard let old = connection.renamedFrom else { continue }
      for other in connections
      where other.plugin.id == connection.plugin.id && other.place != connection.place {
        if ConnectionName.collides(other.name, old) {
          mistake(
            "'renamedFrom' of \(Self.shown(connection)) is the name of another connection in this file",
            at: connection.place,
            help: "the other is in line \(other.place.line); rename in two steps"
          )
        } else if other.renamedFrom.map({ ConnectionName.collides($0, old) }) == true,
          other.place.line < connection.place.line
        {
          mistake(
            "two connections are renamed from \"\(ServerText.line(old))\"",
            at: connection.place,
            help: "the other is in line \(other.place.line)"
          )
        }
      }
    }
  }

  private mutating func mistake(_ message: String, at place: TextPlace, help: String? = nil) {
    mistakes.append(ConnectionsFileMistake(message: message, place: place, help: help))
  }

  private mutating func unknown(
    _ member: PlacedValue.Member,
    among known: [String],
    _ what: String
  ) {
    mistakes.append(
      ConnectionsFileMistake(
        message: "\(what) '\(ServerText.line(member.key))'",
        place: member.place,
        help: "it has \(known.joined(separator: " and "))",
        unknown: .init(word: member.key, known: known)
      )
    )
  }

  private static func shown(_ connection: DesiredConnection) -> String {
    "\(connection.plugin.id) \"\(ServerText.line(connection.name))\""
  }
}
