extension ServiceDeadline {
  /// Whether a saved connection is meant.
  func concerns(_ connection: Connection, _ plugin: PluginDescriptor) -> Bool {
    concerns(
      value: { connection.stored[$0] },
      mask: plugin.authMethod(named: connection.authMethod)
        .flatMap { connection.stored[$0.secretField]?.string }
    )
  }
}

extension ServiceDeadline.Fix {
  /// The same for a connection.
  func remedy(for key: ConnectionKey) -> Remedy {
    switch self {
    case .rotate: .rotate(key)
    case .renew(let settings): .renew(key, settings)
    case .replace(let plugin): .replace(plugin: plugin)
    }
  }
}
