extension PluginDescriptor {
  /// The body of a PATCH that makes `changes` and nothing else.
  ///
  /// A plugin that merges gets only what changes: two of them would store a mask that is sent back
  /// (measured). A plugin that replaces gets everything: what is not changed goes back as DevLake
  /// sent it, masks included, which it keeps.
  public func patchBody(
    _ connection: Connection,
    with changes: RequestBody
  ) -> RequestBody {
    guard case .replace(let kept) = patch else { return changes }
    var body = stored(of: connection, except: kept)
    for member in changes.members { body[member.name] = member.value }
    return body
  }

  /// All of a connection's values with `changes` in their place, for a test that takes no candidate.
  func whole(_ connection: Connection, with changes: RequestBody) -> RequestBody {
    var body = stored(of: connection, except: secretFields)
    for member in changes.members { body[member.name] = member.value }
    return body
  }

  /// The secrets of other ways to authenticate that stay behind when a connection uses `method`.
  ///
  /// Only a plugin whose PATCH replaces everything lets them be emptied (measured for GitHub).
  public func secretsLeftBehind(
    in connection: Connection,
    using method: AuthMethod
  ) -> [String] {
    guard emptiesUnusedSecrets else { return [] }
    return authMethods.map(\.secretField).filter { field in
      field != method.secretField && connection.stored[field]?.string?.isEmpty == false
    }
  }

  /// Whether a secret that is not in use can be emptied.
  public var emptiesUnusedSecrets: Bool {
    guard case .replace = patch else { return false }
    return storesAuthMethod
  }

  /// What of `changes` a test is asked with: a secret that is emptied is none to be tested.
  public func candidate(in changes: RequestBody) -> RequestBody {
    var body = changes
    for name in secretFields where body[name] == .json("") { body[name] = nil }
    return body
  }

  private func stored(of connection: Connection, except names: [String]) -> RequestBody {
    var body = RequestBody()
    for field in fields where !names.contains(field.name) {
      guard let value = connection.stored[field.name] else { continue }
      if field.isSecret, let mask = value.string {
        body[field.name] = .secret(Secret(mask))
      } else {
        body[field.name] = .json(value)
      }
    }
    return body
  }

  /// Why the values DevLake shows of `connection` cannot be sent back; `nil` when they can.
  ///
  /// Of several tokens two may show the same mask, and DevLake finds a stored token by its mask. A
  /// mask that was cut inside a character does not match the stored secret, so DevLake would take
  /// it for a new one (measured).
  public func obstacleToReplacing(
    _ connection: Connection,
    with changes: RequestBody
  ) -> String? {
    guard case .replace(let kept) = patch else { return nil }
    for name in secretFields where !kept.contains(name) && changes[name] == nil {
      if connection.stored[name]?.string?.contains("\u{FFFD}") == true {
        return "DevLake shows the \(name) of this connection corrupted, and \(displayName) "
          + "connections are saved as a whole: set a new secret as well"
      }
      if connection.hasEqualMasks(in: name) {
        return "DevLake masks two of its tokens alike and would confuse them: "
          + "set all of them again"
      }
    }
    return nil
  }
}

/// One field of a connection, before and after.
public struct FieldChange: Sendable, Equatable {
  /// DevLake's name of the field.
  public let field: String
  /// Its value before; `***` for a secret, `null` for none.
  public let before: JSONValue
  /// Its value after; `***` for a secret.
  public let after: JSONValue

  /// Creates a field change with what may be shown.
  public init(field: String, before: JSONValue, after: JSONValue) {
    self.field = field
    self.before = before
    self.after = after
  }
}

extension Connection {
  /// What of `changes` differs from what DevLake has; a new secret always counts.
  public func differences(_ changes: RequestBody) -> [FieldChange] {
    changes.members.compactMap { member in
      switch member.value {
      case .secret: return FieldChange(field: member.name, before: "***", after: "***")
      case .json(let after):
        let before = stored[member.name] ?? .null
        if before == after || (before.isNull && after == "") { return nil }
        return FieldChange(
          field: member.name,
          before: shown(member.name) ?? .null,
          after: Self.withoutCredentials(after)
        )
      }
    }
  }

  static func withoutCredentials(_ value: JSONValue) -> JSONValue {
    value.string.map { .string(ServerText.withoutCredentials($0)) } ?? value
  }

  /// `changes` without what DevLake has already.
  public func effective(_ changes: RequestBody) -> RequestBody {
    let names = Set(differences(changes).map(\.field))
    var body = RequestBody()
    for member in changes.members where names.contains(member.name) {
      body[member.name] = member.value
    }
    return body
  }
}
