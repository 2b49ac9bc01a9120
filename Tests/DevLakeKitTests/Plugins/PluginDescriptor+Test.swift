import DevLakeKit
import Testing

/// Names a plugin in test reports; its whole value would fill a screen.
extension PluginDescriptor: CustomTestStringConvertible {
  public var testDescription: String { id }
}
