import DevLakeKit

/// Lists of connections; one that a broken row breaks is offered for repair.
extension Session {
  /// The connections of a plugin as DevLake has them now.
  func connections(
    of plugin: PluginDescriptor,
    at given: ArgumentValue? = nil
  ) async throws(Failure) -> [Connection] {
    let list = try await firstRead { client in
      await Result(awaiting: { () async throws(APIError) in
        try await client.connections(of: plugin)
      })
    }
    do throws(APIError) {
      let connections = try list.get()
      inventory.note(connections, of: plugin.id)
      return connections
    } catch {
      let failure = await brokenListFailure(error, plugin, given)
      guard try await offersRepair(of: plugin) else { throw failure }
      return try await connections(of: plugin, at: given)
    }
  }

  /// Every connection of every plugin; a plugin that fails is an error.
  ///
  /// - Parameter toleratesGaps: Whether it is only noted in ``findings``: the others are worth a look, but
  ///   no reason to change something.
  func everyConnection(toleratesGaps: Bool = false) async throws(Failure) -> [Connection] {
    let inventory = try await survey()
    let sick = inventory.failures.filter { $0.error.status != 403 }
    for (plugin, error) in sick {
      let failure = await brokenListFailure(error, plugin)
      if !toleratesGaps {
        guard try await offersRepair(of: plugin) else { throw failure }
        return try await everyConnection()
      }
      findings.note(
        Gap(plugin: plugin.id, diagnostic: failure.diagnostic, exitCode: failure.exitCode)
      )
    }
    if toleratesGaps, !sick.isEmpty {
      guard !inventory.plugins.isEmpty else {
        throw Failure(sick[0].error, doing: sick[0].plugin.id)
      }
      return inventory.connections
    }
    if let (_, error) = inventory.failures.first {
      // What an API key may not see is not among all connections it can mean.
      guard !inventory.plugins.isEmpty else { throw Failure(error) }
      let hidden = inventory.failures.map(\.plugin.id).joined(separator: ", ")
      warnOnce("connections of these plugins are left out (403): \(hidden)")
    }
    return inventory.connections
  }
}
