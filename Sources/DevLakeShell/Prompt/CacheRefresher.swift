import DevLakeKit
import Dispatch
import Synchronization

/// Reads the connections again while a person types, so that what is completed is what there is.
///
/// The questions run on other threads. What has come is taken over when the main actor looks, list by
/// list; where nothing is known yet, a person waits for ``patience`` and no longer. A DevLake that is
/// away or hangs changes nothing: what was seen stays.
final class CacheRefresher: Sendable {
  /// How long Tab may wait for what is not known yet.
  static let patience = Duration.milliseconds(150)
  /// What was seen is asked for again when it is older.
  private static let freshness = Duration.seconds(15)
  /// What has not come after that is given up.
  private static let limit = Duration.seconds(10)

  private struct State {
    var isRunning = false
    /// The state of the cache the questions are about: older answers are not taken.
    var generation = 0
    var lists: [String: [Connection]] = [:]
    var isComplete = false
    var began = ContinuousClock.now
    var ended: ContinuousClock.Instant?
    var waiter: DispatchSemaphore?
  }

  private let state = Mutex(State())
  private let keys = Mutex(KeyState())

  private struct KeyState {
    var generation = 0
    var isRunning = false
    var found: [APIKey]?
    var ended: ContinuousClock.Instant?
  }

  /// Brings the session's cache up to date as far as that is possible now.
  ///
  /// - Parameter plugins: Whose connections are asked for; `nil`: everyone's.
  @MainActor
  func refresh(
    _ session: Session,
    of plugins: [PluginDescriptor]? = nil,
    patience: Duration = patience
  ) {
    take(into: session)
    guard let client = session.server.instance?.client else { return }
    let isKnown = session.inventory.isComplete
    let waiter = begin(
      session.inventory.generation,
      whenOlderThan: isKnown ? Self.freshness : .zero
    )
    if let waiter { start(client, session.inventory.generation, plugins, waiter) }
    guard !isKnown else { return }
    wait(patience)
    take(into: session)
  }

  /// Brings what the session knows of API keys up to date, as ``refresh(_:of:patience:)`` does for
  /// connections.
  @MainActor
  func refreshKeys(_ session: Session, patience: Duration = patience) {
    takeKeys(into: session)
    guard let client = session.server.instance?.client else { return }
    let generation = session.inventory.generation
    let isKnown = session.inventory.keys != nil
    let isDue = keys.withLock { state in
      let isSame = state.generation == generation
      if isSame, state.isRunning { return false }
      let age = isKnown ? Self.freshness : .zero
      if isSame, let ended = state.ended, ContinuousClock.now - ended < age { return false }
      state = KeyState(generation: generation, isRunning: true)
      return true
    }
    guard isDue else { return }
    let waiter = DispatchSemaphore(value: 0)
    var limited = client
    limited.limits = DevLakeClient.Limits(all: Self.limit)
    Task.detached { [limited, self] in
      // Who may not see them has none to complete.
      let found = try? await limited.apiKeys()
      keys.withLock { state in
        guard state.generation == generation else { return }
        (state.isRunning, state.found, state.ended) = (false, found, .now)
      }
      waiter.signal()
    }
    guard !isKnown else { return }
    let parts = max(patience, .zero).components
    let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    _ = waiter.wait(timeout: .now() + .microseconds(Int(microseconds)))
    takeKeys(into: session)
  }

  @MainActor
  private func takeKeys(into session: Session) {
    let found = keys.withLock { state in
      defer { state.found = nil }
      return state.generation == session.inventory.generation ? state.found : nil
    }
    if let found { session.inventory.note(keys: found) }
  }

  /// Waits until everything is there, or the person has waited for it long enough, now or before.
  private func wait(_ patience: Duration) {
    let (waiter, began) = state.withLock { ($0.waiter, $0.began) }
    let left = (began + patience - .now).components
    let microseconds = left.seconds * 1_000_000 + left.attoseconds / 1_000_000_000_000
    guard let waiter, microseconds > 0 else { return }
    if waiter.wait(timeout: .now() + .microseconds(Int(microseconds))) == .success {
      // The next one need not wait for what is there.
      waiter.signal()
    }
  }

  /// Takes over what has come since the last look.
  @MainActor
  func take(into session: Session) {
    let (lists, isComplete) = state.withLock { state in
      defer { (state.lists, state.isComplete) = ([:], false) }
      let isCurrent = state.generation == session.inventory.generation
      return isCurrent ? (state.lists, state.isComplete) : ([:], false)
    }
    for (plugin, connections) in lists { session.inventory.note(connections, of: plugin) }
    if isComplete { session.inventory.complete() }
  }

  /// Who waits for the questions that are due now; `nil`: they are asked, or were a moment ago.
  private func begin(_ generation: Int, whenOlderThan age: Duration) -> DispatchSemaphore? {
    state.withLock { state in
      let isSame = state.generation == generation
      if isSame, state.isRunning { return nil }
      if isSame, let ended = state.ended, ContinuousClock.now - ended < age { return nil }
      let waiter = DispatchSemaphore(value: 0)
      state = State(isRunning: true, generation: generation, waiter: waiter)
      return waiter
    }
  }

  private func start(
    _ client: DevLakeClient,
    _ generation: Int,
    _ plugins: [PluginDescriptor]?,
    _ waiter: DispatchSemaphore
  ) {
    var client = client
    client.limits = DevLakeClient.Limits(all: Self.limit)
    Task.detached { [client] in
      let areAll = await self.ask(client, generation, for: plugins)
      self.state.withLock { state in
        guard state.generation == generation else { return }
        (state.isRunning, state.isComplete) = (false, areAll)
        state.ended = .now
      }
      waiter.signal()
    }
  }

  /// Asks for the lists, in parallel, and for the plugins if everyone's are wanted; whether
  /// everything there is was available.
  private func ask(
    _ client: DevLakeClient,
    _ generation: Int,
    for plugins: [PluginDescriptor]?
  ) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      for plugin in plugins ?? PluginRegistry.standard.plugins {
        group.addTask { await self.ask(client, generation, for: plugin) }
      }
      group.addTask {
        guard plugins == nil else { return false }
        // Without the server's list of plugins the catalog's are all there is to ask.
        guard let names = try? await client.plugins() else { return false }
        var areAll = true
        for name in names where PluginRegistry.standard[name] == nil {
          let wasThere = await self.ask(client, generation, for: .generic(name))
          areAll = areAll && wasThere
        }
        return areAll
      }
      return await group.allSatisfy { $0 }
    }
  }

  private func ask(
    _ client: DevLakeClient,
    _ generation: Int,
    for plugin: PluginDescriptor
  ) async -> Bool {
    do throws(APIError) {
      let connections = try await client.connections(of: plugin)
      state.withLock { state in
        guard state.generation == generation else { return }
        state.lists[plugin.id] = connections
      }
      return true
    } catch {
      // A plugin this DevLake has not, or this key may not see, has nothing to complete.
      return error.kind == .noRoute || error.status == 403
    }
  }
}
