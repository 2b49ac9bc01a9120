/// Why it is not known which field of a connection holds the secret in use.
public struct UnknownSecretField: Error, Equatable, CustomStringConvertible {
  /// The connection.
  public let key: ConnectionKey
  /// What the catalog lacks, a clause: `it authenticates by 'X', which the catalog lacks`.
  public let reason: String
  /// The fields of the connection that may hold a secret, the likely ones first.
  public let candidates: [String]
  /// Whether it authenticates by headers, each with a secret of its own.
  public fileprivate(set) var usesHeaders = false

  /// What is wrong, one line.
  public var description: String {
    let fields = candidates.map { "'\($0)'" }.joined(separator: ", ")
    return "\(key): \(reason)"
      + (!usesHeaders && !candidates.isEmpty ? "; its fields for secrets are \(fields)" : "")
  }
}

extension PluginDescriptor {
  /// The authentication a stored connection uses, as far as the catalog knows.
  ///
  /// Where no choice is stored and there are several ways, what is set tells which is in use.
  public func authMethod(of connection: Connection) -> AuthMethod? {
    if storesAuthMethod { return authMethod(named: connection.authMethod) }
    guard isKnown, authMethods.count > 1 else { return authMethods.first }
    return authMethods.first { connection.hasValue(in: $0.secretField) } ?? authMethods.first
  }

  /// The field that holds the secret a stored connection uses.
  ///
  /// A new secret in another field would pass its test with the old one (measured), so nothing is
  /// guessed over: an authentication, a secret field or a shape the catalog lacks is an error.
  ///
  /// - Parameters:
  ///   - connection: The connection as DevLake has it.
  ///   - chosen: The field the caller names, which the connection must have.
  public func secretField(
    of connection: Connection,
    chosen: String? = nil
  ) throws(UnknownSecretField) -> PluginField {
    if let chosen {
      guard connection.stored[chosen] != nil, !FieldNames.madeByDevLake.contains(chosen) else {
        throw unknown(connection, "it has no field '\(ServerText.line(chosen))'")
      }
      if case .with(let name)? = field(chosen)?.requirement,
        let method = authMethod(of: connection), method.name != name
      {
        throw unknown(
          connection,
          "it authenticates by \(method.name), which does not use '\(chosen)'"
        )
      }
      return field(chosen) ?? PluginField(chosen, .text, mask: .generic, help: chosen)
    }
    return isKnown ? try knownSecretField(of: connection) : try shownSecretField(of: connection)
  }

  /// The field of a plugin of the catalog.
  ///
  /// - Parameters:
  ///   - connection: The connection as DevLake has it.
  ///   - named: Fields the catalog lacks that the same change sets: nothing is guessed over them.
  func knownSecretField(
    of connection: Connection,
    besides named: Set<String> = []
  ) throws(UnknownSecretField) -> PluginField {
    if let name = connection.authMethod,
      storesAuthMethod ? authMethod(named: name) == nil : !name.isEmpty
    {
      throw unknown(
        connection,
        "it authenticates by '\(ServerText.line(name))', which is not in the catalog"
      )
    }
    guard let method = authMethod(of: connection), let field = field(method.secretField) else {
      throw unknown(connection, "how it authenticates is not in the catalog")
    }
    guard connection.stored[field.name] != nil else {
      throw unknown(connection, "DevLake shows no field '\(field.name)' of it")
    }
    let others = connection.secretsInUse.filter { self.field($0) == nil && !named.contains($0) }
    if let other = others.first {
      throw unknown(
        connection,
        "it has a secret in '\(ServerText.line(other))', which is not in the catalog"
      )
    }
    guard field.kind != .json else {
      var error = unknown(
        connection,
        "it authenticates by headers, each with its own value"
      )
      error.usesHeaders = true
      throw error
    }
    return field
  }

  /// The one field of a connection of an unknown plugin that can hold its secret.
  private func shownSecretField(
    of connection: Connection
  ) throws(UnknownSecretField) -> PluginField {
    let there = connection.secretFieldsShown
    let inUse = connection.secretsInUse
    if let name = connection.authMethod {
      // DevLake's own three, which its plugins share.
      let shared = [AuthMethod.accessToken, .basicAuth, .appKey].first { $0.name == name }
      guard let shared, there.contains(shared.secretField) else {
        throw unknown(
          connection,
          "it authenticates by '\(ServerText.line(name))' in an unknown way"
        )
      }
      return generic(shared.secretField)
    }
    if inUse.count == 1, let only = inUse.first { return generic(only) }
    if inUse.isEmpty, there.count == 1, let only = there.first { return generic(only) }
    throw unknown(
      connection,
      there.isEmpty
        ? "none of its fields is known to contain a secret" : "which one is in use is not known"
    )
  }

  private func generic(_ name: String) -> PluginField {
    field(name) ?? PluginField(name, .text, mask: .generic, help: name)
  }

  private func unknown(_ connection: Connection, _ reason: String) -> UnknownSecretField {
    let inUse = connection.secretsInUse
    let there = connection.secretFieldsShown
    // What the catalog does not know belongs to what it does not know.
    let rank = { (name: String) in
      (self.field(name) == nil || !self.isKnown ? 0 : 2) + (inUse.contains(name) ? 0 : 1)
    }
    let names = there.enumerated().sorted {
      (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
    }
    return UnknownSecretField(
      key: connection.key,
      reason: reason,
      candidates: names.map(\.element)
    )
  }
}

extension Connection {
  /// The fields that hold secrets, as the catalog, their names or their masks tell.
  var secretFieldsShown: [String] {
    stored.members.compactMap { member in
      guard !FieldNames.madeByDevLake.contains(member.key) else { return nil }
      switch member.value {
      case .string(let text):
        return holdsSecret(member.key) || text.contains("***") ? member.key : nil
      case .array, .object: return member.value.text.contains("***") ? member.key : nil
      case .null: return holdsSecret(member.key) ? member.key : nil
      case .bool, .number: return nil
      }
    }
  }

  /// Whether DevLake shows a mask in the place of a field's value.
  public func masks(_ field: String) -> Bool {
    stored[field]?.string.map { $0.contains("***") } ?? false
  }

  /// Those of them that are set.
  var secretsInUse: [String] { secretFieldsShown.filter(hasValue) }

  /// Whether a field holds something.
  func hasValue(in field: String) -> Bool {
    switch stored[field] {
    case .string(let text)?: !text.isEmpty
    case .array(let elements)?: !elements.isEmpty
    case .object(let object)?: !object.members.isEmpty
    case .bool?, .number?: true
    case .null?, nil: false
    }
  }
}

/// Why a secret is not sent to a connection, and what to do instead.
package struct SecretObstacle: Sendable, Equatable {
  /// What stands against it, one line.
  package let message: String
  /// What to do.
  package let help: String?
}

extension PluginDescriptor {
  /// Why the secrets of a change must not be sent; `nil`: nothing stands against them.
  ///
  /// DevLake stores a secret the authentication does not use with status 200, and its test passes
  /// with the old one; a token beside headers is sent with them and can never be taken away
  /// (measured).
  package func obstacleToSecrets(
    in changes: RequestBody,
    of connection: Connection
  ) -> SecretObstacle? {
    var method = authMethod(of: connection)
    if storesAuthMethod, case .json(let value)? = changes["authMethod"], let name = value.string {
      method = authMethod(named: name)
    }
    guard isKnown, let method else { return nil }
    for field in fields where field.isSecret {
      guard case .secret? = changes[field.name] else { continue }
      if case .with(let name) = field.requirement, name != method.name {
        return SecretObstacle(
          message: "it authenticates by \(method.name), which does not use '\(field.name)'",
          help: "its secret is '\(method.secretField)'"
        )
      }
      guard !storesAuthMethod, authMethods.count > 1, field.name != method.secretField,
        connection.hasValue(in: method.secretField),
        authMethods.contains(where: { $0.secretField == field.name })
      else { continue }
      return SecretObstacle(
        message: "it has its secret in '\(method.secretField)', and DevLake would send "
          + "'\(field.name)' along with it from then on"
          + (field.kind == .json ? "" : ": it can never be removed"),
        help: "delete it and create it again"
      )
    }
    return nil
  }
}
