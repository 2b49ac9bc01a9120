extension Administrator {
  /// Examines the DevLake and every connection.
  ///
  /// - Parameters:
  ///   - context: The time, and whether services are asked.
  ///   - parallel: How many connections are examined at once.
  /// - Returns: The findings about DevLake, then those about each connection, by plugin and ID.
  /// - Throws: When the connections cannot be listed.
  public func examine(
    _ context: Examination.Context,
    parallel: Int = 16
  ) async throws(APIError) -> [Finding] {
    let instance = await InstanceExamination(of: client).findings()
    let connections = try await client.allConnections()
    var context = context
    // A key that may not see the blueprints cannot tell what is unused, and then nothing is said of it.
    let blueprints = try? await BlueprintUses(by: self)
    context.used = blueprints?.used(among: connections.map(\.key))
    let examinations = connections.map { connection in
      Examination(
        of: connection,
        PluginRegistry.standard.descriptor(for: connection.key.plugin),
        by: self,
        context
      )
    }
    let outcomes = await concurrently(examinations, atMost: parallel) { await $0.outcome() }
    let scopes = ScopeExamination(
      zip(examinations, outcomes).map { .init($0.connection, $0.plugin, $1.scopes) },
      blueprints: blueprints?.all ?? [],
      isComplete: true
    )
    return instance + NameExamination.findings(connections) + outcomes.flatMap(\.findings)
      + scopes.findings()
  }
}
