/// A write that came to an end, and how that is known.
public struct Written: Sendable {
  /// The connection as DevLake has it now.
  public let connection: Connection
  /// Whether DevLake's answer was lost and the connection was looked up to know.
  public let wasLookedUp: Bool
}

/// A write that failed, and what is known of its effect.
public struct WriteError: Error, Sendable {
  /// What happened to the request.
  public let error: APIError
  /// What is known.
  public let effect: Effect

  /// What is known of a failed write's effect.
  public enum Effect: Sendable, Equatable {
    /// DevLake has nothing of it.
    case none
    /// DevLake has nothing of it so far, and may still be at it: nobody waited for the end.
    case notYet
    /// DevLake could not be asked.
    case unknown
    /// A row is there that breaks the plugin's list; its number, where it could be found.
    case poisoned(id: Int?)
    /// A connection of that name is there already.
    case nameTaken
  }
}

extension Administrator {
  /// Creates a connection, once.
  ///
  /// A lost answer is looked up by the name, which is unique per plugin. Names must have been
  /// listed before: DevLake's answer to a duplicate is a 500 that speaks of something else.
  public func create(
    _ body: RequestBody,
    of plugin: PluginDescriptor
  ) async throws(WriteError) -> Written {
    do throws(APIError) {
      return Written(
        connection: try await unhurried { () async throws(APIError) in
          try await client.createConnection(body, of: plugin)
        },
        wasLookedUp: false
      )
    } catch {
      guard case .json(let value)? = body["name"], let name = value.string else {
        throw WriteError(error: error, effect: .unknown)
      }
      if case .refused = error.kind {
        let isTaken = (try? await lookUp(name, of: plugin)) != nil  // unknown counts as not taken
        throw WriteError(error: error, effect: isTaken ? .nameTaken : .none)
      }
      guard error.leavesWriteOpen else { throw WriteError(error: error, effect: .none) }
      return try await settle(error, name, of: plugin)
    }
  }

  private func settle(
    _ error: APIError,
    _ name: String,
    of plugin: PluginDescriptor
  ) async throws(WriteError) -> Written {
    let found: Connection?
    do throws(APIError) {
      found = try await lookUp(name, of: plugin)
    } catch let lookUp {
      if case .brokenDown = error.kind, case .brokenDown = lookUp.kind {
        throw WriteError(error: error, effect: .poisoned(id: nil))
      }
      throw WriteError(error: error, effect: .unknown)
    }
    guard let found else { throw WriteError(error: error, effect: error.absence) }
    return Written(connection: found, wasLookedUp: true)
  }

  private func lookUp(
    _ name: String,
    of plugin: PluginDescriptor
  ) async throws(APIError) -> Connection? {
    try await shielded { () async throws(APIError) in
      try await client.connections(of: plugin)
    }
    .first { ConnectionName.collides($0.name, name) }
  }

  /// Makes `changes` to a connection, once.
  ///
  /// A lost answer is looked up: DevLake's `updatedAt` tells whether the change arrived.
  public func change(
    _ connection: Connection,
    _ changes: RequestBody,
    of plugin: PluginDescriptor
  ) async throws(WriteError) -> Written {
    let body = plugin.patchBody(connection, with: changes)
    do throws(APIError) {
      return Written(
        connection: try await unhurried { () async throws(APIError) in
          try await client.patchConnection(connection.key.id, body, of: plugin)
        },
        wasLookedUp: false
      )
    } catch {
      guard error.leavesWriteOpen else { throw WriteError(error: error, effect: .none) }
      let now: Connection
      do throws(APIError) {
        now = try await shielded { () async throws(APIError) in
          try await client.connection(connection.key.id, of: plugin)
        }
      } catch let lookUp {
        throw WriteError(
          error: error,
          effect: lookUp.status == 404 ? .none : .unknown
        )
      }
      guard now.updatedAt != connection.updatedAt else {
        throw WriteError(error: error, effect: error.absence)
      }
      return Written(connection: now, wasLookedUp: true)
    }
  }

  /// Deletes a connection, once; a lost answer is looked up.
  ///
  /// - Returns: Whether DevLake's answer was lost and the connection was found gone.
  @discardableResult
  public func delete(
    _ id: Int,
    of plugin: PluginDescriptor
  ) async throws(WriteError) -> Bool {
    do throws(APIError) {
      try await unhurried { () async throws(APIError) in
        try await client.deleteConnection(id, of: plugin)
      }
      return false
    } catch {
      guard error.leavesWriteOpen else { throw WriteError(error: error, effect: .none) }
      do throws(APIError) {
        _ = try await shielded { () async throws(APIError) in
          try await client.connection(id, of: plugin)
        }
      } catch let lookUp {
        if lookUp.status == 404 { return true }
        throw WriteError(error: error, effect: .unknown)
      }
      throw WriteError(error: error, effect: error.absence)
    }
  }

  /// Sends a write that Ctrl-C does not end at once: its answer, which tells what was done, is
  /// waited for a little longer.
  func unhurried<Value: Sendable>(
    _ write: @escaping @Sendable () async throws(APIError) -> Value
  ) async throws(APIError) -> Value {
    let task = Task<Result<Value, APIError>, Never> {
      do throws(APIError) {
        return .success(try await write())
      } catch {
        return .failure(error)
      }
    }
    return try await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      Task {
        // The grace cannot be cut short: nobody holds this task.
        try? await Task.sleep(for: Self.grace)
        task.cancel()
      }
    }.get()
  }

  private static var grace: Duration { .seconds(2) }

  /// Looks something up in a task of its own, so that Ctrl-C during a write does not also take away
  /// the knowledge of what the write did.
  func shielded<Value: Sendable>(
    _ look: @escaping @Sendable () async throws(APIError) -> Value
  ) async throws(APIError) -> Value {
    let task = Task<Result<Value, APIError>, Never> {
      do throws(APIError) {
        return .success(try await look())
      } catch {
        return .failure(error)
      }
    }
    return try await task.value.get()
  }
}

extension APIError {
  /// What it means that DevLake has nothing of a write that ended with this error: who did not wait
  /// for the answer cannot know that DevLake has given up, too.
  var absence: WriteError.Effect {
    switch kind {
    case .transport(.timedOut), .transport(.cancelled): .notYet
    default: .none
    }
  }
}

extension WriteError {
  /// Whether nobody can say if the write is done, or will be.
  public var isOpen: Bool { effect == .unknown || effect == .notYet }
}
