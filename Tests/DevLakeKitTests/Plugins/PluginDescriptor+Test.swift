public import DevLakeKit
public import Testing

/// Names a plugin in test reports; its whole value would fill a screen.
extension PluginDescriptor: CustomTestStringConvertible {
  /// The plugin's name.
  public var testDescription: String { id }
}
