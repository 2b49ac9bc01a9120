import DevLakeKit
import DevLakeSimulator
import Synchronization
import Testing

@testable import DevLakeShell

/// What is asked of DevLake side by side, so that nobody far away waits longer than needed.
@Suite("Round trips", .timeLimit(.minutes(1)))
struct RoundTripTests {
  /// A DevLake far away: it answers the requests of a round trip when all of them are under way.
  private final class Far: HTTPTransport {
    private struct State {
      var sizes: [Int]
      var sent: [String] = []
      var trips: [[String]] = []
      var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let behind: any HTTPTransport
    private let state: Mutex<State>

    /// - Parameter sizes: How many requests each round trip carries; what follows is answered at once.
    init(_ behind: any HTTPTransport, _ sizes: [Int]) {
      self.behind = behind
      state = Mutex(State(sizes: sizes))
    }

    /// The requests by round trip, those of one in the order of the alphabet.
    var trips: [[String]] { state.withLock { $0.trips + ($0.sent.isEmpty ? [] : [$0.sent]) } }

    func send(
      _ request: HTTPRequest,
      within limit: Duration
    ) async throws(TransportError) -> HTTPResponse {
      let path = request.url.split(separator: "/", maxSplits: 2).last ?? ""
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state in
          state.sent.append("\(request.method) /\(path)")
          state.waiting.append(continuation)
          guard state.sent.count >= state.sizes.first ?? 1 else {
            return [CheckedContinuation<Void, Never>]()
          }
          state.sizes = Array(state.sizes.dropFirst())
          state.trips.append(state.sent.sorted())
          defer { (state.sent, state.waiting) = ([], []) }
          return state.waiting
        }
        for waiting in ready { waiting.resume() }
      }
      return try await behind.send(request, within: limit)
    }
  }

  /// Runs a line, and returns its requests by round trip; it hangs where fewer go side by side.
  private func trips(of line: String, _ sizes: [Int]) async throws -> [[String]] {
    let found = Mutex<Far?>(nil)
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      let transport = place.transport
      place.transport = { options in
        found.withLock { far in
          let kept = far ?? Far(transport(options), sizes)
          far = kept
          return kept
        }
      }
      let shell = await place.run(line)
      #expect(shell.exitCode == .success, "\(shell.stderr)")
    }
    return found.withLock { $0?.trips } ?? []
  }

  @Test func `one connection is tested in one round trip, the look for DevLake included`()
    async throws
  {
    #expect(
      try await trips(of: "test github/1", [3]) == [
        [
          "GET /plugins/github/connections/1", "GET /version",
          "POST /plugins/github/connections/1/test",
        ]
      ]
    )
  }

  @Test(
    arguments: [
      ("show github/1", 2), ("list --plugin github", 2),
      ("list", 2 + PluginRegistry.standard.plugins.count + PluginRegistry.others.count),
    ]
  )
  func `what is read first is read in the round trip that finds DevLake`(
    line: String,
    count: Int
  ) async throws {
    let trips = try await trips(of: line, [count])
    #expect(trips.count == 1)
    #expect(trips.first?.contains("GET /version") == true)
  }

  @Test func `a rotation takes four: read, test, save, test again`() async throws {
    let token = "ghp_" + String(repeating: "n", count: 36)
    let trips = try await trips(of: "rotate github/1 --token text:\(token)", [2, 2])
    #expect(
      trips == [
        ["GET /plugins/github/connections/1", "GET /version"],
        ["GET /plugins/github/connections/1", "POST /plugins/github/connections/1/test"],
        ["PATCH /plugins/github/connections/1"],
        ["POST /plugins/github/connections/1/test"],
      ]
    )
  }
}
