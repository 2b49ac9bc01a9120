/// When a secret of a connection was set and when it ends, as far as this machine knows.
///
/// Neither the secret nor anything made of it is part of it.
package struct SecretRecord: Sendable, Equatable {
  /// Which secret it is about.
  package struct Key: Sendable, Hashable {
    /// The DevLake, as the audit log names it.
    package var instance: String
    /// The connection.
    package var connection: ConnectionKey
    /// DevLake's name of the field the secret is in.
    package var field: String
    /// The number of one of several tokens; `nil`: the field as a whole.
    package var token: Int?

    /// Names a secret.
    package init(
      instance: String,
      connection: ConnectionKey,
      field: String,
      token: Int? = nil
    ) {
      self.instance = instance
      self.connection = connection
      self.field = field
      self.token = token
    }
  }

  /// Which secret it is about.
  package var key: Key
  /// The connection's name.
  package var name: String
  /// When it was set, RFC 3339; `nil`: before anyone looked.
  package var since: String?
  /// The last day on which it is good; `nil`: not known.
  package var expires: CalendarDay?

  /// Creates a secret record with what is known.
  package init(_ key: Key, name: String, since: String? = nil, expires: CalendarDay? = nil) {
    self.key = key
    self.name = name
    self.since = since
    self.expires = expires
  }
}

extension SecretRecord {
  /// Reads a line of the file; `nil` for one that is not a record.
  init?(_ line: JSONObject) {
    guard let instance = line["instance"]?.string, let plugin = line["plugin"]?.string,
      let id = line["id"]?.int, let field = line["field"]?.string
    else { return nil }
    key = Key(
      instance: Self.instance(instance),
      connection: ConnectionKey(plugin: plugin, id: id),
      field: field,
      token: line["token"]?.int
    )
    name = line["name"]?.string ?? ""
    since = line["since"]?.string
    expires = line["expires"]?.string.flatMap { CalendarDay(written: $0) }
  }

  /// The line of the file.
  var line: JSONObject {
    var line: JSONObject = [
      "instance": .string(key.instance), "plugin": .string(key.connection.plugin),
      "id": .integer(key.connection.id), "name": .string(name), "field": .string(key.field),
    ]
    if let token = key.token { line["token"] = .integer(token) }
    line["since"] = since.map(JSONValue.string) ?? .null
    line["expires"] = expires.map { .string($0.text) } ?? .null
    return line
  }

  /// An instance as it is compared: a slash at its end means nothing.
  static func instance(_ text: String) -> String {
    text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// When it was set, in seconds since 1970; a day counts from its beginning.
  var sinceSeconds: Int? {
    guard let since else { return nil }
    return Timestamp.seconds(since.utf8.count == 10 ? since + "T00:00:00Z" : since)
  }
}
