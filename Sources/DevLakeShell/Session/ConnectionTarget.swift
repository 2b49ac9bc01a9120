import DevLakeKit

/// One connection, with as much as is known of it.
struct ConnectionTarget: Sendable {
  let plugin: PluginDescriptor
  let id: Int
  /// Known when the connection was listed.
  var connection: Connection?

  var key: ConnectionKey { ConnectionKey(plugin: plugin.id, id: id) }
}
