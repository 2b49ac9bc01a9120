import DevLakeKit

/// All connections of a DevLake, and the plugins whose list failed.
struct Inventory: Sendable {
  var connections: [Connection] = []
  var failures: [(plugin: PluginDescriptor, error: APIError)] = []
  /// The plugins that have connections, whether or not there are any.
  var plugins: [PluginDescriptor] = []
}

extension Session {
  /// Lists the connections of every plugin, side by side: the plugins of the catalogue at once with
  /// the server's own list of plugins, then those the catalogue lacks.
  func inventory() async throws(Failure) -> Inventory {
    let client = try await connected().client
    let catalogue = PluginRegistry.standard.plugins
    let parallel = max(settings.parallel, catalogue.count)
    async let names = Self.names(client)
    var lists = await Self.lists(of: catalogue, client, parallel, conversation.progress)
    // One list that fails is that plugin's trouble; all of them are the server's.
    let failures = lists.compactMap(\.1.failure)
    if let first = failures.first,
      first.isCancellation || (failures.count == lists.count && first.isAboutServer)
    {
      throw Failure(first)
    }
    switch await names {
    case .success(let names):
      cache.serverPlugins = names
      let others = names.filter { PluginRegistry.standard[$0] == nil }.map(PluginDescriptor.generic)
      lists += await Self.lists(of: others, client, parallel, conversation.progress)
    case .failure(let error):
      cache.serverPlugins = nil
      if error.isCancellation { throw Failure(error) }
      // A key may be scoped so that it cannot see the plugins: the catalogue serves.
      if case .unauthorized(status: 403, _) = error.kind { break }
      conversation.warn("the list of plugins: \(error.description); the catalogue's are shown")
    }
    return collect(lists)
  }

  private func collect(
    _ lists: [(PluginDescriptor, Result<[Connection], APIError>)]
  ) -> Inventory {
    var inventory = Inventory()
    for (plugin, list) in lists {
      switch list {
      case .success(let connections):
        cache[plugin.id] = connections
        inventory.plugins.append(plugin)
        inventory.connections += connections
      case .failure(let error):
        if error.kind != .noRoute { inventory.failures.append((plugin, error)) }
      }
    }
    inventory.connections.sort { $0.key < $1.key }
    return inventory
  }

  private static func names(_ client: DevLakeClient) async -> Result<[String], APIError> {
    do throws(APIError) {
      return .success(try await client.plugins())
    } catch {
      return .failure(error)
    }
  }

  private static func lists(
    of plugins: [PluginDescriptor],
    _ client: DevLakeClient,
    _ parallel: Int,
    _ progress: ProgressLine?
  ) async -> [(PluginDescriptor, Result<[Connection], APIError>)] {
    await sideBySide(plugins, atMost: parallel, showing: progress, as: \.id) { plugin in
      do throws(APIError) {
        return (plugin, .success(try await client.connections(of: plugin)))
      } catch {
        return (plugin, .failure(error))
      }
    }
  }
}

extension Result {
  /// The error, if it is one.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}

/// Works on many things at once and returns the results in the things' order.
func sideBySide<Item: Sendable, Outcome: Sendable>(
  _ items: [Item],
  atMost limit: Int,
  showing progress: ProgressLine? = nil,
  as name: @Sendable (Item) -> String = { "\($0)" },
  _ work: @escaping @Sendable (Item) async -> Outcome
) async -> [Outcome] {
  let names = progress == nil ? [] : items.map(name)
  progress?.expect(names)
  return await withTaskGroup(of: (Int, Outcome).self) { group in
    var next = 0
    func start() {
      guard next < items.count else { return }
      let index = next
      next += 1
      let item = items[index]
      group.addTask { (index, await work(item)) }
    }
    for _ in 0..<max(1, limit) { start() }
    var outcomes = [Outcome?](repeating: nil, count: items.count)
    while let (index, outcome) = await group.next() {
      outcomes[index] = outcome
      if !names.isEmpty { progress?.finish(names[index]) }
      start()
    }
    return outcomes.compactMap(\.self)
  }
}
