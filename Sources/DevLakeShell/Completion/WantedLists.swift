import DevLakeKit

/// Whose connections a completion depends on, and whether on API keys: nothing else is asked for.
final class WantedLists {
  private var plugins: [String: PluginDescriptor] = [:]
  private var areAll = false

  func note(_ plugin: PluginDescriptor) { plugins[plugin.id] = plugin }

  func noteAll() { areAll = true }

  func noteKeys() { keys = true }

  /// Whether DevLake's API keys are wanted.
  private(set) var keys = false

  /// The plugins to ask; `nil`: all of them.
  var asked: [PluginDescriptor]? { areAll ? nil : Array(plugins.values) }
}
