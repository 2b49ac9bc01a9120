extension ConnectionsFile {
  /// What an export leaves to the person: the variables its secrets are referred to by.
  public struct Export: Sendable {
    /// The file, for YAML or JSON.
    public let document: JSONValue
    /// The environment variables it refers to, in the file's order.
    public let variables: [String]
    /// What could not be written: a list or record in which DevLake masks something.
    public let omissions: [(connection: ConnectionKey, field: String)]
  }

  /// The file that describes `connections`: by plugin and name, without what DevLake would have by
  /// itself, each secret as a reference to an environment variable of its own.
  ///
  ///     DEVLAKE_<PLUGIN>_<NAME>_<FIELD>
  ///
  /// - Parameters:
  ///   - connections: The connections, in any order.
  ///   - ends: The last days on which secrets are good, where they are known.
  ///   - registry: The plugins it is described by.
  /// - Throws: ``ExportCollision`` where two connections would have the same variable.
  public static func export(
    _ connections: [Connection],
    ends: [ConnectionKey: CalendarDay] = [:],
    _ registry: PluginRegistry = .standard
  ) throws(ExportCollision) -> Export {
    var owners: [String: Connection] = [:]
    var variables: [String] = []
    var entries: [JSONValue] = []
    var omissions: [(connection: ConnectionKey, field: String)] = []
    for connection in connections.sorted(by: isBefore) {
      let plugin = registry.descriptor(for: connection.key.plugin)
      var entry: JSONObject = ["plugin": .string(plugin.id), "name": .string(connection.name)]
      func reference(_ field: String) throws(ExportCollision) -> JSONValue {
        let variable = Self.variable(plugin.id, connection.name, field)
        if let owner = owners.updateValue(connection, forKey: variable) {
          throw ExportCollision(variable: variable, first: owner, second: connection)
        }
        variables.append(variable)
        return .string("env:" + variable)
      }
      for (name, value) in plugin.exported(connection) {
        switch value {
        case .plain(let value): entry[name] = value
        case .secret: entry[name] = try reference(name)
        case .headers(let keys):
          entry[name] = .array(
            try keys.map { (key) throws(ExportCollision) in
              ["key": .string(key), "value": try reference(name + " " + key)]
            }
          )
        case .omitted: omissions.append((connection.key, name))
        }
      }
      if let day = ends[connection.key] { entry["expires"] = .string(day.text) }
      entries.append(.object(entry))
    }
    return Export(
      document: ["version": .integer(version), "connections": .array(entries)],
      variables: variables,
      omissions: omissions
    )
  }

  /// By code points, which are the same in every locale.
  private static func isBefore(_ lhs: Connection, _ rhs: Connection) -> Bool {
    func key(_ connection: Connection) -> [[UInt8]] {
      [Array(connection.key.plugin.utf8), Array(connection.name.utf8)]
    }
    let (left, right) = (key(lhs), key(rhs))
    if left == right { return lhs.key.id < rhs.key.id }
    return left[0] == right[0]
      ? left[1].lexicographicallyPrecedes(right[1]) : left[0].lexicographicallyPrecedes(right[0])
  }

  /// The variable a secret of a connection is kept in, as an export names it: by what the connection
  /// is called, whatever others there are.
  ///
  /// A name with other characters than ASCII letters, digits and blanks, of which only `_` is left,
  /// is told from others by six digits of its SHA-256.
  public static func variable(_ plugin: String, _ name: String, _ field: String) -> String {
    func isPlain(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": true
      default: false
      }
    }
    var parts = ["DEVLAKE", plugin, name]
    if !name.unicodeScalars.allSatisfy({ isPlain($0) || $0 == " " }) {
      parts.append(String(SHA256.hexadecimal(of: name).prefix(6)))
    }
    return (parts + [field]).map { part in
      String(
        String.UnicodeScalarView(part.unicodeScalars.map { isPlain($0) ? $0 : "_" })
      ).uppercased()
    }
    .joined(separator: "_")
  }
}

/// Two connections whose names leave the same variable, as those that differ in their case only.
public struct ExportCollision: Error, Sendable {
  /// The variable.
  public let variable: String
  /// One of the connections.
  public let first: Connection
  /// The other.
  public let second: Connection
}

/// What an export writes of a field.
private enum ExportedValue {
  case plain(JSONValue)
  /// A reference to where the secret is kept.
  case secret
  /// Headers of these names, each with a reference of its own.
  case headers([String])
  /// Nothing: what DevLake masks in it can be put in nobody's file.
  case omitted
}

extension PluginDescriptor {
  /// The fields of a connection that say something.
  fileprivate func exported(_ connection: Connection) -> [(name: String, value: ExportedValue)] {
    let method = authMethod(of: connection)
    let isForeign = storesAuthMethod && method == nil
    var result: [(name: String, value: ExportedValue)] = []
    for field in fields where field.name != "name" {
      if case .with(let name) = field.requirement, name != method?.name, !isForeign { continue }
      if field.name == "endpoint", method != nil,
        method?.name == endpoint?.derivation?.authMethod
      {
        continue
      }
      let value = connection.stored[field.name] ?? .null
      if field.isSecret {
        if let headers = Self.headers(value, field) {
          if !headers.isEmpty { result.append((field.name, .headers(headers))) }
          continue
        }
        let counts =
          isForeign ? connection.hasValue(in: field.name) : isStored(field, value, connection)
        if counts { result.append((field.name, .secret)) }
      } else if !value.isNull, !isStandard(value, of: field) {
        result.append((field.name, written(value, field)))
      }
    }
    guard issuedSecret.isEmpty else { return result }
    // What a newer DevLake keeps besides.
    for member in connection.stored.members
    where field(member.key) == nil && !FieldNames.madeByDevLake.contains(member.key) {
      if member.value.isNull || member.value == "" { continue }
      result.append((member.key, Self.written(member.value, named: member.key)))
    }
    return result
  }

  /// The names of the headers in a field that keeps some; `nil` for any other field.
  private static func headers(_ value: JSONValue, _ field: PluginField) -> [String]? {
    guard field.kind == .json, let elements = value.array else { return nil }
    return elements.compactMap { $0["key"]?.string }
  }

  /// A value of a field the catalog lacks: never one of DevLake's masks, which `apply` would send.
  private static func written(_ value: JSONValue, named name: String) -> ExportedValue {
    switch value {
    case .string(let text):
      let isSecret =
        SecretFields.namesSecret(name) || text.contains("***")
        || (text.contains("*") && (SecretNames.isSecret(name) || text.allSatisfy { $0 == "*" }))
        || Connection.withoutCredentials(value) != value
      return isSecret ? .secret : .plain(value)
    // A number or a list whose name calls it a secret can be no reference.
    case .number: return SecretFields.namesSecret(name) ? .omitted : .plain(value)
    case .null, .bool: return .plain(value)
    case .array, .object:
      let isWhole = SecretFields.hiding(value, named: name) == value && !value.text.contains("***")
      return isWhole ? .plain(value) : .omitted
    }
  }

  /// A URL with a password in it is a secret, too.
  private func written(_ value: JSONValue, _ field: PluginField) -> ExportedValue {
    if field.kind == .date { return .plain(value) }
    if Connection.withoutCredentials(value) != value { return .secret }
    return .plain(canonical(value, of: field))
  }

  /// Whether there is a secret behind what DevLake shows.
  private func isStored(_ field: PluginField, _ value: JSONValue, _ connection: Connection) -> Bool
  {
    if value.string?.isEmpty == false { return true }
    if isKnown { return field.mask == .empty && field.requirement != .optional }
    // Of a plugin nobody knows, a user name tells that there is a password.
    return connection.stored[field.name] != nil
      && authMethods.contains { method in
        method.secretField == field.name
          && method.identityFields.contains { connection.stored[$0]?.string?.isEmpty == false }
      }
  }
}
