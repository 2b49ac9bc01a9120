import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Prints each connection of a DevLake and whether its service accepts the credential, and ends with
/// 1 if one does not: `connection-report http://localhost:8080`.
@main
struct ConnectionReport {
  static func main() async throws {
    guard let address = CommandLine.arguments.dropFirst().first else {
      print("usage: connection-report URL")
      exit(2)
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
    print("\(failures) failed")
    exit(failures == 0 ? 0 : 1)
  }
}
