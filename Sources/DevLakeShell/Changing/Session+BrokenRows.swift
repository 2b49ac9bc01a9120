import DevLakeKit

/// Rows that break DevLake's list of connections: found, explained, and their repair offered.
extension Session {
  /// Finds the rows for which a plugin's list breaks, and remembers them for ``listFailure(_:_:_:)``.
  func findBrokenRows(of plugin: PluginDescriptor, after error: APIError) async {
    guard plugin.canHoldBrokenRows, case .brokenDown = error.kind,
      let administrator = try? await administrator()  // the list was asked of it just now
    else { return }
    // What cannot be found is not named; the list's own error is told.
    let ids = (try? await administrator.brokenConnections(of: plugin)) ?? []
    inventory.note(brokenRows: ids, of: plugin.id)
  }

  /// Why a plugin's list breaks, with the rows that do it.
  func brokenListFailure(
    _ error: APIError,
    _ plugin: PluginDescriptor,
    _ given: ArgumentValue? = nil
  ) async -> Failure {
    await findBrokenRows(of: plugin, after: error)
    return listFailure(error, plugin, given)
  }

  /// Offers a person to delete the rows that break a list.
  ///
  /// - Returns: Whether the list is worth another try.
  func offersRepair(of plugin: PluginDescriptor) async throws(Failure) -> Bool {
    let ids = inventory.brokenRows(of: plugin.id)
    guard conversation.canAsk, !options.isReadOnly, !ids.isEmpty else { return false }
    for id in ids {
      let key = ConnectionKey(plugin: plugin.id, id: id)
      conversation.warn(Self.explanation(of: key))
      for line in await knowledge(of: key, plugin) { conversation.note("   " + line) }
      let answer = try await conversation.ask("Delete \(key)? (yes/no): ")
      guard ["y", "yes"].contains(answer?.lowercased() ?? "") else { return false }
      try await permitChange("the deletion of \(key)", on: nil)
      try await deleteBrokenRow(key, plugin, command: "delete")
      conversation.note("   ✅ Deleted \(key)")
    }
    inventory.note(brokenRows: [], of: plugin.id)
    return true
  }

  /// What is known of a row DevLake cannot show: what proves it broken, what it was called when it
  /// was seen last, and what depends on it.
  func knowledge(of key: ConnectionKey, _ plugin: PluginDescriptor) async -> [String] {
    var lines = ["GET \(key.path): HTTP 500 without text, twice; other connections respond"]
    let name = inventory.connection(key.plugin, key.id)?.name ?? remembered(key)?.name
    if let name { lines.append("its last known name was \"\(ServerText.line(name))\"") }
    // What cannot be learned is not needed for the question, and said to be unknown.
    guard let administrator = try? await administrator(),
      let dependencySnapshot = try? await administrator.dependencySnapshot(),
      let impact = try? await administrator.impact(of: key, plugin, in: dependencySnapshot)
    else { return lines + ["what depends on it: unknown, DevLake does not report them"] }
    return lines + impact.details
  }

  /// Deletes a row that breaks the list; DevLake answers 500 and does it (measured).
  ///
  /// It is asked for once more right before: a row that answers is never deleted for being broken.
  func deleteBrokenRow(
    _ key: ConnectionKey,
    _ plugin: PluginDescriptor,
    command: String,
    waiting patience: Duration? = nil
  ) async throws(Failure) {
    try await prove(key, plugin, try await administrator())
    var changes = try await changes(as: command)
    changes.policy.pipelinePatience = patience
    let results = await carryOut([.deletion(ofBroken: key, plugin)], by: changes)
    guard let (change, outcome) = results.results.first, let problem = outcome.problem else {
      return
    }
    var failure = failure(problem, of: change)
    if let failed = problem.writeError {
      failure = Failure(failed.error, doing: "\(key) was not deleted")
      if failed.isOpen {
        failure.diagnostic.message += "; it is unknown whether it was"
        failure.leaveUnknown(failed.effect)
      }
    }
    if problem.isAboutPipeline {
      failure.diagnostic.help = "try again when it has finished, or 'delete \(key) --force --wait'"
    }
    throw failure
  }

  private func prove(
    _ key: ConnectionKey,
    _ plugin: PluginDescriptor,
    _ administrator: Administrator
  ) async throws(Failure) {
    do throws(APIError) {
      guard try await !administrator.isBroken(key.id, of: plugin) else { return }
    } catch {
      throw Failure(error, doing: "\(key) was not deleted")
    }
    throw .conflict(
      "\(key) no longer breaks the list of \(key.plugin); nothing was deleted",
      help: "check with 'show \(key)'"
    )
  }
}
