import DevLakeKit

/// Prints each connection of a DevLake and whether its service accepts the credential, and ends with
/// 1 if one does not: `connection-report http://localhost:8080`.
@main
struct ConnectionReport {
  static func main() async throws {
    guard let address = CommandLine.arguments.dropFirst().first else {
      fatalError("usage: connection-report URL")
    }
    let client = try await DevLakeClient(url: ServerURL(address))
    let administrator = Administrator(client: client)
    var failures = 0
    for connection in try await client.allConnections() {
      let plugin = PluginRegistry.standard.descriptor(for: connection.key.plugin)
      let verdict = try await administrator.test(connection.key.id, of: plugin)
      if verdict.isFailure { failures += 1 }
      print("\(connection.key)\t\(connection.name)\t\(verdict.outcome)\t\(verdict.message)")
    }
    guard failures == 0 else { throw Failed(count: failures) }
  }

  struct Failed: Error, CustomStringConvertible {
    let count: Int
    var description: String { "\(count) connections failed their test" }
  }
}
