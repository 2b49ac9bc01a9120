import DevLakeKit
import DevLakeSimulator
import Synchronization
import Testing

@testable import DevLakeShell

/// A workplace with several named DevLakes: `prod-1` and `prod-2` as the demo, `lab` without
/// connections, and `gone`, at whose address nobody listens.
struct FleetPlace {
  var place: ShellFixture
  let simulators: [String: Simulator]
  let traffic: Traffic

  /// What was sent where, and how much at the same time.
  final class Traffic: Sendable {
    private struct State {
      var now = 0
      var most = 0
      var logins: [(url: String, authorization: String)] = []
    }

    private let state = Mutex(State())

    var most: Int { state.withLock { $0.most } }

    /// The servers to which a header `Authorization` with that text in it went.
    func servers(shown text: String) -> Set<String> {
      state.withLock { state in
        Set(
          state.logins.filter { $0.authorization.contains(text) }.map { login in
            String(login.url.split(separator: "/").prefix(2).joined(separator: "//"))
          }
        )
      }
    }

    fileprivate func begin(_ request: HTTPRequest) {
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
        for header in request.headers where header.name.lowercased() == "authorization" {
          state.logins.append((request.url, header.value))
        }
      }
    }

    fileprivate func end() { state.withLock { $0.now -= 1 } }
  }

  private struct Watched: HTTPTransport {
    let inner: any HTTPTransport
    let traffic: Traffic

    func send(
      _ request: HTTPRequest,
      within limit: Duration
    ) async throws(TransportError) -> HTTPResponse {
      traffic.begin(request)
      defer { traffic.end() }
      return try await inner.send(request, within: limit)
    }
  }

  static func with(
    settings: [String: String] = [:],
    seeds: [(name: String, seed: Seed)] = [
      ("prod-1", .demo), ("prod-2", .demo), ("lab", .empty),
    ],
    _ body: (FleetPlace) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .empty) { place in
      var place = place
      place.configurationFolder = place.folder.path
      var (simulators, yaml): ([String: Simulator], String) = ([:], "")
      for (name, seed) in seeds {
        let simulator = try await Simulator.start(seed: seed, era: .may2026)
        simulators[name] = simulator
        let rest = settings[name].map { ", \($0)" } ?? ""
        yaml += "\(name): {url: \"\(simulator.url)\"\(rest)}\n"
      }
      yaml += "gone: {url: \"http://127.0.0.1:1\"}\n"
      try place.folder.write("instances.yaml", yaml)
      let traffic = Traffic()
      place.transport = { Watched(inner: AsyncHTTPTransport(options: $0), traffic: traffic) }
      do {
        try await body(FleetPlace(place: place, simulators: simulators, traffic: traffic))
      } catch {
        for simulator in simulators.values { await simulator.stop() }
        throw error
      }
      for simulator in simulators.values { await simulator.stop() }
    }
  }

  func simulator(_ name: String) throws -> Simulator { try #require(simulators[name]) }

  func run(_ line: String, _ options: [String] = []) async -> Transcript {
    await place.run(line, options)
  }
}
