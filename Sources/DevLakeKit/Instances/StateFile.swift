/// What a folder remembers of one DevLake: where it is, and what was connected to it.
///
/// The schema is that of `gh devlake` (`.devlake-azure.json`, `.devlake-local.json`): `endpoints`
/// with `backend`, `connections` with `plugin`, `connectionId`, `name` and, when known,
/// `organization` and `enterprise`, and `connectionsConfiguredAt`. Everything else in the file is
/// kept as it is.
public struct StateFile: Sendable, Equatable {
  private(set) var members: JSONObject

  /// A file that knows nothing but its instance.
  ///
  /// - Parameter url: The instance; a user and password in it are left out.
  init(instance url: ServerURL) {
    members = ["endpoints": ["backend": .string(url.text)]]
  }

  /// Reads the bytes of a state file.
  ///
  /// - Throws: ``StateFileFault`` when they are not JSON object, or a known member has another type.
  public init(parsing bytes: [UInt8]) throws(StateFileFault) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .init("not UTF-8 text") }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw .init("not JSON at byte \(error.offset + 1)")
    }
    guard case .object(let members) = value else { throw .init("not a JSON object") }
    self.members = members
    try Self.check(members)
  }

  /// The bytes of the file: keys sorted, two blanks a level, no line break at the end.
  public var bytes: [UInt8] {
    Array(JSONWriter.write(.object(members), isIndented: true, sortsKeys: true).utf8)
  }

  /// The DevLake the file is about; `nil` when it names none.
  ///
  /// `gh devlake` may have stored a user and a password with it.
  ///
  /// - Throws: ``ServerURLMistake`` when what is there is no address.
  public func backend() throws(ServerURLMistake) -> ServerURL? {
    guard let url = members["endpoints"]?["backend"]?.string, !url.isEmpty else { return nil }
    return try ServerURL(typed: url)
  }

  /// The DevLake without a user and a password, for messages.
  var displayedBackend: String? {
    do throws(ServerURLMistake) {
      return try backend()?.text
    } catch {
      return error.shown ?? "an unusable address"
    }
  }

  /// Whether the file is about the DevLake at `url`.
  ///
  /// See ``ServerURL/isSameInstance(as:)``; what is not an address belongs to nobody.
  public func belongs(to url: ServerURL) -> Bool {
    // What is not an address is nobody's.
    guard let own = try? backend() else { return false }
    return own.isSameInstance(as: url)
  }

  /// The connections it remembers, in order.
  public var connections: [Connection] {
    (members["connections"]?.array ?? []).compactMap(Connection.init)
  }

  /// The connection it remembers under `plugin` and `id`.
  public func connection(plugin: String, id: Int) -> Connection? {
    connections.first { $0.plugin == plugin && $0.id == id }
  }

  /// Puts each connection in the place of the one with the same plugin and id, or at the end.
  ///
  /// - Parameters:
  ///   - connections: What to remember. An `organization` or `enterprise` of `nil` leaves a
  ///     remembered one alone, an empty one removes it. Unknown members of the entry are kept.
  ///   - time: The time for `connectionsConfiguredAt`, in RFC 3339.
  mutating func record(_ connections: [Connection], at time: String) {
    var entries = members["connections"]?.array ?? []
    var places: [Connection.Key: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard let key = Connection(entry).map(Connection.Key.init) else { continue }
      places[key] = places[key] ?? index
    }
    for connection in connections {
      let place = places[Connection.Key(connection)]
      var entry = place.flatMap { entries[$0].object } ?? JSONObject()
      entry["plugin"] = .string(connection.plugin)
      entry["connectionId"] = .integer(connection.id)
      entry["name"] = .string(connection.name)
      for (key, value) in [
        ("organization", connection.organization), ("enterprise", connection.enterprise),
      ] {
        guard let value else { continue }
        entry[key] = value.isEmpty ? nil : .string(value)
      }
      if let place {
        entries[place] = .object(entry)
      } else {
        places[Connection.Key(connection)] = entries.count
        entries.append(.object(entry))
      }
    }
    members["connections"] = .array(entries)
    members["connectionsConfiguredAt"] = .string(time)
  }

  /// Removes connections; the last one takes the list with it.
  mutating func forget(_ keys: Set<ConnectionKey>) {
    guard let entries = members["connections"]?.array else { return }
    let rest = entries.filter {
      guard let entry = Connection($0) else { return true }
      return !keys.contains(ConnectionKey(plugin: entry.plugin, id: entry.id))
    }
    members["connections"] = rest.isEmpty ? nil : .array(rest)
  }
}
