/// Changes connections of one DevLake: tests what is new first, writes, compares, tests again.
///
/// Every method plans, and hands the plan to a ``ChangeExecutor``. What happened comes back as a
/// ``ChangeOutcome``; only what kept the plan from being made is thrown.
///
///     let changes = Changes(in: client)
///     let outcome = try await changes.rotate(1, of: .github, to: token)
///     if outcome.state != .done { … }
public struct Changes: Sendable {
  /// The DevLake.
  public let administrator: Administrator
  /// How changes are carried out.
  public var policy = ChangePolicy()
  /// Where they are kept.
  public var journal: any ChangeJournal = NoJournal()
  /// Who is told how far they are.
  public var progress: any ChangeProgress = NoProgress()

  /// Creates changes with the DevLake.
  public init(in client: DevLakeClient) { administrator = Administrator(client: client) }

  /// Carries out changes that are planned.
  public func run(_ changes: [Change]) async -> ChangeResults {
    await ChangeExecutor(administrator, policy: policy, journal: journal, progress: progress)
      .run(changes)
  }

  private func run(_ change: Change) async -> ChangeOutcome {
    await run([change]).results.first?.outcome ?? ChangeOutcome(.unchanged)
  }

  /// Gives a connection a new secret, in the field of the authentication it uses.
  ///
  /// - Throws: When the connection cannot be read, or its plugin has no secret.
  public func rotate(
    _ id: Int,
    of plugin: PluginDescriptor,
    to secret: Secret
  ) async throws(APIError) -> ChangeOutcome {
    let connection = try await administrator.client.connection(id, of: plugin)
    guard let change = Change.rotation(of: connection, plugin, to: secret) else {
      throw APIError(.unexpected(reason: "the plugin has no secret"), call: "\(connection.key)")
    }
    return await run(change)
  }

  /// Changes fields of a connection; what is not named stays as it is.
  ///
  /// - Throws: When the connection cannot be read.
  public func update(
    _ id: Int,
    of plugin: PluginDescriptor,
    to changes: RequestBody
  ) async throws(APIError) -> ChangeOutcome {
    let connection = try await administrator.client.connection(id, of: plugin)
    return await run(.update(connection, of: plugin, to: changes))
  }

  /// Creates a connection, unless one of its name is there.
  ///
  /// - Throws: When the connections cannot be listed.
  public func create(
    _ body: RequestBody,
    of plugin: PluginDescriptor
  ) async throws(APIError) -> ChangeOutcome {
    let change = Change.creation(body, of: plugin)
    let others = try await administrator.client.connections(of: plugin)
    guard !others.contains(where: { ConnectionName.collides($0.name, change.name) }) else {
      let call = "POST \(change.plugin.id)"
      var outcome = ChangeOutcome()
      outcome.fail(
        .write(
          WriteError(
            error: APIError(.unexpected(reason: "nothing was sent"), call: call),
            effect: .nameTaken
          )
        )
      )
      return outcome
    }
    return await run(change)
  }

  /// Deletes a connection; DevLake refuses while something it looks at depends on it, and this does
  /// where an enabled blueprint uses it in a plan.
  ///
  /// - Parameters:
  ///   - id: The connection's ID.
  ///   - plugin: Its plugin.
  ///   - cascades: Whether everything that depends on it is deleted first.
  /// - Throws: ``DeletionFailure``, before anything is sent.
  public func delete(
    _ id: Int,
    of plugin: PluginDescriptor,
    cascades: Bool = false
  ) async throws(DeletionFailure) -> ChangeOutcome {
    let connection: Connection
    let impact: Impact
    do throws(APIError) {
      connection = try await administrator.client.connection(id, of: plugin)
      impact = try await administrator.impact(of: connection.key, plugin)
    } catch {
      throw .unreadable(error)
    }
    if cascades {
      do throws(DeletionObstacle) {
        return await run(try Change.cascade(connection, plugin, impact))
      } catch {
        throw .obstacle(error)
      }
    }
    if let obstacle = impact.obstacle { throw .obstacle(obstacle) }
    return await run(.deletion(of: connection, plugin))
  }

  /// Makes DevLake have what a plan says, as ``ConnectionPlanner`` makes one.
  ///
  /// - Returns: What became of each, in the plan's order.
  public func apply(_ plan: [PlannedChange]) async -> ChangeResults {
    var changes = self
    changes.policy.stopsAtUnknown = true
    return await changes.run(plan.map { Change($0, tests: policy.admission != .untested) })
  }
}

/// Why a deletion was not begun.
@nonexhaustive
public enum DeletionFailure: Error, Sendable {
  /// The connection, or what depends on it, cannot be read.
  case unreadable(APIError)
  /// Something stands against it.
  case obstacle(DeletionObstacle)
}
