/// The steps before a connection's deletion: out of the blueprints, then its scopes.
extension Administrator {
  /// A connection taken out of a blueprint.
  public struct Detachment: Sendable, Equatable {
    /// The blueprint's connections before, as `github/1`.
    public let before: [String]
    /// Those that are left.
    public let after: [String]
    /// Whether DevLake's answer was lost and the blueprint was looked up to know.
    public let wasLookedUp: Bool
  }

  /// Takes a connection out of a blueprint's connections, once.
  ///
  /// The blueprint is read right before, as a PATCH replaces the whole list. DevLake makes the plan
  /// anew and refuses where another connection in it is broken.
  ///
  /// - Returns: `nil` when the connection is not in it any more.
  public func detach(
    _ key: ConnectionKey,
    fromBlueprint id: Int
  ) async throws(WriteError) -> Detachment? {
    guard let current = try await connections(ofBlueprint: id),
      current.contains(where: key.isIn)
    else { return nil }
    let rest = current.filter { !key.isIn($0) }
    var wasLookedUp = false
    do throws(APIError) {
      _ = try await unhurried { () async throws(APIError) in
        try await client.setConnections(rest, ofBlueprint: id)
      }
    } catch {
      guard error.leavesWriteOpen else { throw WriteError(error: error, effect: .none) }
      let now: JSONObject
      do throws(APIError) {
        now = try await shielded { () async throws(APIError) in try await client.blueprint(id) }
      } catch let lookUp {
        if case .refused(status: 404, _, _) = lookUp.kind { return nil }
        throw WriteError(error: error, effect: .unknown)
      }
      if now["connections"]?.array?.contains(where: key.isIn) == true {
        throw WriteError(error: error, effect: error.absence)
      }
      wasLookedUp = true
    }
    return Detachment(
      before: current.map(Self.name),
      after: rest.map(Self.name),
      wasLookedUp: wasLookedUp
    )
  }

  private func connections(ofBlueprint id: Int) async throws(WriteError) -> [JSONValue]? {
    do throws(APIError) {
      return try await client.blueprint(id)["connections"]?.array ?? []
    } catch {
      if error.status == 404, error.kind != .noRoute { return nil }
      throw WriteError(error: error, effect: .none)
    }
  }

  private static func name(_ entry: JSONValue) -> String {
    "\(entry["pluginName"]?.string ?? "?")/\(entry["connectionId"]?.int ?? 0)"
  }

  /// Deletes a scope with the data collected for it, once; a lost answer is looked up.
  ///
  /// - Returns: Whether DevLake's answer was lost and the scope was found gone.
  @discardableResult
  public func deleteScope(_ id: String, of key: ConnectionKey) async throws(WriteError) -> Bool {
    do throws(APIError) {
      try await unhurried { () async throws(APIError) in
        try await client.deleteScope(id, of: key)
      }
      return false
    } catch {
      // Somebody else has deleted it: that is what was wanted.
      if case .refused(status: 404, _, _) = error.kind { return false }
      guard error.leavesWriteOpen else { throw WriteError(error: error, effect: .none) }
      do throws(APIError) {
        _ = try await shielded { () async throws(APIError) in
          try await client.scope(id, of: key)
        }
      } catch let lookUp {
        if case .refused(status: 404, _, _) = lookUp.kind { return true }
        throw WriteError(error: error, effect: .unknown)
      }
      throw WriteError(error: error, effect: error.absence)
    }
  }
}
