/// The connections of every plugin of a DevLake, listed in parallel.
///
/// No route of DevLake lists them all, so each plugin is asked: some fifty requests.
package struct ConnectionSweep: Sendable {
  /// The plugins the server says it has, by name.
  package var names: Result<[String], APIError>
  /// What each plugin's list came to, in the order asked.
  package var lists: [(PluginDescriptor, Result<[Connection], APIError>)]

  /// Told which lists are awaited, and which have come.
  package struct Progress: Sendable {
    let expect: @Sendable ([String]) -> Void
    let finish: @Sendable (String) -> Void

    package init(
      expect: @escaping @Sendable ([String]) -> Void,
      finish: @escaping @Sendable (String) -> Void
    ) {
      self.expect = expect
      self.finish = finish
    }
  }

  /// Lists the plugins of the catalog, while the server is asked for its own.
  package init(_ client: DevLakeClient, _ progress: Progress? = nil) async {
    let known = PluginRegistry.standard.plugins + PluginRegistry.others
    async let names = Result(awaiting: { () async throws(APIError) in try await client.plugins() })
    lists = await Self.lists(of: known, client, progress)
    self.names = await names
  }

  /// The same with the lists of the plugins that the server has and the catalog lacks.
  package func completed(
    by client: DevLakeClient,
    _ progress: Progress? = nil
  ) async -> ConnectionSweep {
    guard case .success(let names) = names else { return self }
    let asked = Set(lists.map(\.0.id))
    let others = names.filter { PluginRegistry.standard[$0] == nil && !asked.contains($0) }
    guard !others.isEmpty else { return self }
    var whole = self
    whole.lists += await Self.lists(of: others.map(PluginDescriptor.generic), client, progress)
    return whole
  }

  /// Whether a refusal means only that the server has no such plugin: a key that may see some plugins
  /// is refused before DevLake looks whether there is one.
  package func isHidden(_ plugin: PluginDescriptor, _ error: APIError) -> Bool {
    guard error.status == 403 else { return false }
    switch names {
    case .success(let names): return !names.contains(plugin.id)
    // A key may be scoped so that it cannot see the plugins: the catalog serves.
    case .failure: return PluginRegistry.standard[plugin.id] == nil
    }
  }
}

extension ConnectionSweep {
  /// How many lists are asked for at first.
  private static let firstRound = 8
  /// How long a DevLake nearby takes at most for half of them.
  private static let patience = Duration.milliseconds(8)

  private enum Event: Sendable {
    case list(Int, Result<[Connection], APIError>)
    case patienceEnded
  }

  /// Lists the connections of some plugins, in their order.
  ///
  /// A DevLake nearby answers each request faster than a new connection is opened to it: eight at a
  /// time are quickest there (measured: 48 at once take twice as long). One further away answers
  /// everything after one round trip: when fewer than half of the eight have come after 8 ms, all the
  /// others are asked at once.
  package static func lists(
    of plugins: [PluginDescriptor],
    _ client: DevLakeClient,
    _ progress: Progress? = nil
  ) async -> [(PluginDescriptor, Result<[Connection], APIError>)] {
    progress?.expect(plugins.map(\.id))
    var lists = [Result<[Connection], APIError>?](repeating: nil, count: plugins.count)
    await withTaskGroup(of: Event.self) { group in
      var next = 0
      func start(_ count: Int) {
        for _ in 0..<count where next < plugins.count {
          let (index, plugin) = (next, plugins[next])
          next += 1
          group.addTask {
            .list(
              index,
              await Result(awaiting: { () async throws(APIError) in
                try await client.connections(of: plugin)
              })
            )
          }
        }
      }
      start(firstRound)
      if next < plugins.count {
        group.addTask {
          // Cancelled when all have come, and then nobody waits for it.
          try? await Task.sleep(for: patience)
          return .patienceEnded
        }
      }
      var answered = 0
      while answered < plugins.count, let event = await group.next() {
        switch event {
        case .list(let index, let list):
          lists[index] = list
          answered += 1
          progress?.finish(plugins[index].id)
          start(1)
        case .patienceEnded:
          if answered < firstRound / 2 { start(plugins.count) }
        }
      }
      group.cancelAll()
    }
    return zip(plugins, lists).compactMap { plugin, list in list.map { (plugin, $0) } }
  }
}
