import DevLakeKit

/// The connections the session has seen, for names and completion.
///
/// A change drops what it may have changed. Every drop begins another generation: an answer to a
/// question that was asked in an older one is not taken, as it may tell what was before the change.
final class Inventory {
  private var lists: [String: [Connection]] = [:]
  private var broken: [String: [Int]] = [:]
  /// The plugins the server has, once they were asked for.
  private(set) var serverPlugins: [String]?
  /// The API keys people have made, once they were asked for.
  private(set) var keys: [APIKey]?
  /// Whether every plugin's list was seen since the last change.
  private(set) var isComplete = false
  /// Another number after each change.
  private(set) var generation = 0

  /// The connections of a plugin, in their order; `nil`: they were not seen.
  subscript(plugin: String) -> [Connection]? { lists[plugin] }

  /// Everything seen, by plugin and id.
  var all: [Connection] { plugins.flatMap { lists[$0] ?? [] } }

  /// The plugins with connections.
  var plugins: [String] { lists.filter { !$0.value.isEmpty }.keys.sorted() }

  /// One connection.
  func connection(_ plugin: String, _ id: Int) -> Connection? {
    lists[plugin]?.first { $0.key.id == id }
  }

  /// The rows for which a plugin's list was found to break.
  func brokenRows(of plugin: String) -> [Int] { broken[plugin] ?? [] }

  /// Keeps a plugin's list.
  func note(_ connections: [Connection], of plugin: String) {
    lists[plugin] = connections.sorted { $0.key < $1.key }
  }

  /// Keeps which rows break a plugin's list; none says that they were looked for in vain, or are gone.
  func note(brokenRows ids: [Int], of plugin: String) { broken[plugin] = ids }

  /// Keeps which plugins the server has.
  func note(serverPlugins names: [String]) { serverPlugins = names }

  /// Keeps which API keys there are.
  func note(keys found: [APIKey]) { keys = found }

  /// Forgets the API keys, which have changed.
  func dropKeys() {
    generation += 1
    keys = nil
  }

  /// Keeps all that was found at once.
  func take(_ survey: Survey) {
    for (plugin, connections) in survey.lists { note(connections, of: plugin.id) }
    serverPlugins = survey.serverPlugins
    isComplete = survey.failures.allSatisfy { $0.error.status == 403 }
  }

  /// Says that every plugin's list is there, or may not be seen.
  func complete() { isComplete = true }

  /// Forgets what may have changed: a plugin's connections, or everything.
  func drop(_ plugin: String? = nil) {
    generation += 1
    isComplete = false
    if let plugin {
      lists[plugin] = nil
    } else {
      (lists, broken, serverPlugins, keys) = ([:], [:], nil, nil)
    }
  }
}
