import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// How completion learns what there is.
@MainActor
struct CacheRefresherTests {
  private static func ids(_ bench: CompletionBench) -> [Int] {
    (bench.session.inventory["github"] ?? []).map(\.key.id)
  }

  /// Looks as Tab does until a claim holds, up to one deadline.
  private static func look(
    _ refresher: CacheRefresher,
    _ bench: CompletionBench,
    until holds: () -> Bool
  ) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while !holds() {
      try #require(ContinuousClock.now < end, "what was awaited never came")
      refresher.refresh(bench.session)
      // Others need the thread.
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func `after a change Tab knows the connections anew`() async throws {
    try await CompletionBench.with { bench in
      bench.session.inventory.drop("github")
      #expect(Self.ids(bench) == [])
      let refresher = CacheRefresher()
      try await Self.look(refresher, bench) { Self.ids(bench) == [1, 2] }
      try await Self.look(refresher, bench) { bench.session.inventory.isComplete }
    }
  }

  @Test func `what was seen a moment ago is not asked for again`() async throws {
    try await CompletionBench.with { bench in
      let refresher = CacheRefresher()
      bench.session.inventory.drop()
      try await Self.look(refresher, bench) { bench.session.inventory.isComplete }
      let count = bench.place.simulator.requests.count
      for _ in 0..<5 { refresher.refresh(bench.session) }
      #expect(bench.place.simulator.requests.count == count)
    }
  }

  @Test func `a plugin that hangs holds up no other, and Tab no longer than it may`() async throws {
    try await CompletionBench.with(isConnected: false) { bench in
      _ = try await bench.session.connected()
      try bench.place.setFaults("GET /plugins/github/connections=hang")
      let refresher = CacheRefresher()
      let clock = ContinuousClock()
      let first = clock.measure { refresher.refresh(bench.session) }
      // The wait itself, and what a busy machine adds.
      #expect(first >= CacheRefresher.patience && first < .seconds(2))
      try await Self.look(refresher, bench) { bench.session.inventory["jenkins"]?.count == 2 }
      #expect(Self.ids(bench) == [])
      // It is waited for once.
      #expect(clock.measure { refresher.refresh(bench.session) } < CacheRefresher.patience)
    }
  }

  @Test func `an answer from before a change is not taken`() async throws {
    try await CompletionBench.with { bench in
      try bench.place.setFaults("GET /plugins/github/connections#1=slow:300")
      let refresher = CacheRefresher()
      bench.session.inventory.drop()
      refresher.refresh(bench.session)
      // The person deletes one while the list is on its way.
      bench.session.inventory.drop("github")
      try bench.place.setFaults("GET /plugins/github/connections=status:500")
      try await Self.look(refresher, bench) { bench.session.inventory["jenkins"]?.count == 2 }
      #expect(Self.ids(bench) == [])
    }
  }

  @Test func `a DevLake that went away leaves what was seen`() async throws {
    try await CompletionBench.with { bench in
      try bench.place.setFaults("/**=refuse")
      // Somebody changed another plugin's.
      bench.session.inventory.drop("jenkins")
      CacheRefresher().refresh(bench.session)
      #expect(Self.ids(bench) == [1, 2])
    }
  }
}
