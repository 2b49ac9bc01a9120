import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// A folder, variables and a simulated DevLake in which shells run as the program does.
///
///     try await ShellFixture.with(seed: .demo) { place in
///       let shell = try await place.run("list --plugin github")
///       #expect(shell.exitCode == .success)
///     }
struct ShellFixture {
  let simulator: Simulator
  let folder: TestFolder
  /// The variables of every shell; `DEVLAKE_URL` names the simulator.
  var variables: [String: String]
  /// What happens where the shell would wait, and for how long.
  var pause: @Sendable (Duration) async throws -> Void = { _ in }
  /// The time of every shell, in seconds since 1970; `nil`: the real one.
  var now: Int?
  /// What results are drawn for.
  var results = Medium.file
  /// What messages are drawn for.
  var messages = Medium.file
  /// Where instances.yaml is; `nil`: nowhere.
  var configurationFolder: String?
  /// What carries requests to the simulator.
  var transport: @Sendable (TransportOptions) -> any HTTPTransport = {
    AsyncHTTPTransport(options: $0)
  }

  static func with(
    seed: Seed = .empty,
    era: Era = .may2026,
    login: LoginDoor = .off,
    faults: [String] = [],
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    let rules = try faults.map { try FaultRule(parsing: $0) }
    let folder = try TestFolder()
    try await Simulator.with(seed: seed, era: era, login: login, faults: rules) { simulator in
      try await body(
        ShellFixture(
          simulator: simulator,
          folder: folder,
          variables: [
            "DEVLAKE_URL": simulator.url, "XDG_STATE_HOME": folder.path("state"),
          ]
        )
      )
    }
  }

  /// A DevLake with one connection that has the id 1, and the secret `old`.
  static func with(
    connection: JSONObject,
    era: Era = .may2026,
    faults: [String] = [],
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await with(
      seed: .json(["connections": [.object(connection)]]),
      era: era,
      faults: faults,
      body
    )
  }

  func with(_ variables: [String: String]) -> ShellFixture {
    var place = self
    place.variables.merge(variables) { $1 }
    return place
  }

  /// Puts these faults in force.
  func setFaults(_ rules: String...) throws {
    simulator.setFaults(try rules.map { try FaultRule(parsing: $0) })
  }

  /// The requests that may change something, as `POST /plugins/github/test`.
  var writes: [String] {
    simulator.requests.filter { $0.method != "GET" }.map { "\($0.method) \($0.path)" }
  }

  /// What DevLake really holds of a connection.
  func stored(_ plugin: String, _ id: Int = 1) throws -> JSONObject {
    try #require(simulator.connections(plugin).first { $0["id"]?.int == id })
  }

  /// The state file, parsed strictly.
  func state() throws -> [String: Any] {
    let text = try #require(folder.text(".devlake-local.json"))
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The connections the state file remembers.
  func remembered() throws -> [[String: Any]] {
    try state()["connections"] as? [[String: Any]] ?? []
  }
}
