extension Changes {
  /// Plans what makes DevLake have what a connections file says; nothing is sent but reads.
  ///
  /// Entries with a mistake are left out, so look at ``ConnectionsFile/mistakes`` first. Connections
  /// that are not in the file are left alone.
  ///
  /// - Parameters:
  ///   - file: What DevLake is to have.
  ///   - secrets: Follows the file's references.
  ///   - policy: Which secrets of existing connections are set.
  /// - Returns: A plan for ``apply(_:)``, in the file's order. A connection that cannot be as the file
  ///   says, because a secret is missing for example, is left as it is; its
  ///   ``PlannedChange/problems`` say why.
  /// - Throws: When the connections of a plugin cannot be listed.
  public func plan(
    _ file: ConnectionsFile,
    secrets: SecretResolver,
    policy: ConnectionPlanner.SecretPolicy = .changed
  ) async throws(APIError) -> [PlannedChange] {
    var plugins: [PluginDescriptor] = []
    for connection in file.connections
    where !plugins.contains(where: { $0.id == connection.plugin.id }) {
      plugins.append(connection.plugin)
    }
    var actual: [Connection] = []
    for (_, list) in await ConnectionSweep.lists(of: plugins, administrator.client) {
      actual += try list.get()
    }
    let planner = ConnectionPlanner(policy: policy)
    let (matches, rest) = planner.match(file.connections, with: actual)
    let wanted = matches.flatMap(\.desired.secrets)
    let found = await secrets.resolve(
      wanted.map { secret in
        SecretRequest(
          subject: secret.field.name,
          flag: secret.field.name,
          reference: secret.reference,
          allowsMultipleLines: secret.field.kind == .pem
        )
      }
    )
    var findings = zip(wanted, found).map { secret, result in Self.finding(secret, result) }[...]
    return matches.map { match in
      let own = match.desired.secrets
      let pairs = zip(own.map(\.field.name), findings.prefix(own.count))
      findings = findings.dropFirst(own.count)
      let change = planner.change(match, secrets: Dictionary(pairs) { $1 }, others: rest)
      return change.problems.first.map { change.kept(because: $0.message) } ?? change
    }
  }

  private static func finding(
    _ secret: DesiredSecret,
    _ result: Result<Resolution<Secret>, CredentialError>
  ) -> ConnectionPlanner.Finding {
    switch result {
    case .success(let resolution):
      do throws(FieldMistake) {
        return .found(try SecretRules.checked(resolution.value, for: secret.field))
      } catch {
        return .missing(reason: error.description)
      }
    case .failure(let error): return .missing(reason: error.description)
    }
  }
}
