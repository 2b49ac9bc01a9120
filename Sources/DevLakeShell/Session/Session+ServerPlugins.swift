import DevLakeKit
import ShellLanguage

/// Words that are near a plugin of the catalog, and may be plugins of the server.
///
/// Did-you-mean is for names nobody has: the catalog is asked first, then the server.
extension Session {
  /// The plugins of the DevLake in use; `nil` where it cannot be asked.
  func pluginsOfServer() async -> [String]? {
    if let known = inventory.serverPlugins { return known }
    // Whatever keeps it from being asked is said by the command that needs it.
    guard let client = try? await connected().client, let names = try? await client.plugins() else {
      return nil
    }
    inventory.note(serverPlugins: names)
    return names
  }

  /// The same before anything runs: a DevLake that has to be found first is not looked for.
  func pluginsOfNamedServer() async -> [String]? {
    guard server.instance != nil || (try? explicitAddress()) != nil else {
      return inventory.serverPlugins
    }
    return await pluginsOfServer()
  }
}
