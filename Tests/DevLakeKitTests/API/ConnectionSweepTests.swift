import DevLakeKit
import DevLakeSimulator
import Synchronization
import Testing

/// How many lists of connections are asked for at once.
@Suite("Connection sweep", .timeLimit(.minutes(1)))
struct ConnectionSweepTests {
  /// Answers every list at once, or all of them only when so many are awaited.
  private final class Lake: HTTPTransport {
    private struct State {
      var inFlight = 0
      var most = 0
      var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())
    private let answersAt: Int

    init(answersAt: Int) { self.answersAt = answersAt }

    var most: Int { state.withLock { $0.most } }

    func send(
      _ request: HTTPRequest,
      within limit: Duration
    ) async throws(TransportError) -> HTTPResponse {
      guard request.url.hasSuffix("/connections") else {
        return HTTPResponse(status: 200, headers: [], body: Array("[]".utf8))
      }
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state in
          state.inFlight += 1
          state.most = max(state.most, state.inFlight)
          state.waiting.append(continuation)
          guard state.inFlight >= answersAt else { return [CheckedContinuation<Void, Never>]() }
          defer { state.waiting = [] }
          return state.waiting
        }
        for waiting in ready { waiting.resume() }
      }
      state.withLock { $0.inFlight -= 1 }
      return HTTPResponse(status: 200, headers: [], body: Array("[]".utf8))
    }
  }

  private func sweep(_ lake: Lake) async throws -> ConnectionSweep {
    let url = try ServerURL("http://lake:8080")
    return await ConnectionSweep(DevLakeClient(baseURL: url, transport: lake))
  }

  @Test func `a DevLake that answers at once is asked for eight lists at a time`() async throws {
    let lake = Lake(answersAt: 1)
    let sweep = try await sweep(lake)
    #expect(sweep.lists.count > 40)
    #expect(lake.most <= 8)
  }

  @Test func `one that lets the first eight wait is asked for all the others at once`() async throws
  {
    let count = PluginRegistry.standard.plugins.count + PluginRegistry.others.count
    // It answers nothing before all are asked: whoever keeps to eight waits for ever.
    let lake = Lake(answersAt: count)
    let sweep = try await sweep(lake)
    #expect(lake.most == count)
    #expect(sweep.lists.count == count)
  }

  @Test func `the lists come in the order asked, and every connection is found`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      let client = try await DevLakeClient(url: ServerURL(simulator.url))
      let names = await ConnectionSweep(client).lists.map(\.0.id)
      #expect(
        names == (PluginRegistry.standard.plugins + PluginRegistry.others).map(\.id)
      )
      let all = try await client.allConnections()
      #expect(all.count == 14)
      #expect(all.map(\.key) == all.map(\.key).sorted())
    }
  }
}
