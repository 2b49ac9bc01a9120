import DevLakeKit

/// Whose connections a completion depends on: nobody else's are asked for.
final class WantedLists {
  private var plugins: [String: PluginDescriptor] = [:]
  private var areAll = false

  func note(_ plugin: PluginDescriptor) { plugins[plugin.id] = plugin }

  func noteAll() { areAll = true }

  /// The plugins to ask; `nil`: all of them.
  var asked: [PluginDescriptor]? { areAll ? nil : Array(plugins.values) }
}
