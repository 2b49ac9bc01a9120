import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// How completion learns what there is.
@MainActor
struct CacheRefresherTests {
  private static func ids(_ fixture: CompletionFixture) -> [Int] {
    (fixture.session.inventory["github"] ?? []).map(\.key.id)
  }

  /// Looks as Tab does until a claim holds, up to one deadline.
  private static func look(
    _ refresher: CacheRefresher,
    _ fixture: CompletionFixture,
    until holds: () -> Bool
  ) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while !holds() {
      try #require(ContinuousClock.now < end, "what was awaited never came")
      refresher.refresh(fixture.session)
      // Others need the thread.
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func `after a change Tab knows the connections anew`() async throws {
    try await CompletionFixture.with { fixture in
      fixture.session.inventory.drop("github")
      #expect(Self.ids(fixture) == [])
      let refresher = CacheRefresher()
      try await Self.look(refresher, fixture) { Self.ids(fixture) == [1, 2] }
      try await Self.look(refresher, fixture) { fixture.session.inventory.isComplete }
    }
  }

  @Test func `what was seen a moment ago is not asked for again`() async throws {
    try await CompletionFixture.with { fixture in
      let refresher = CacheRefresher()
      fixture.session.inventory.drop()
      try await Self.look(refresher, fixture) { fixture.session.inventory.isComplete }
      let count = fixture.place.simulator.requests.count
      for _ in 0..<5 { refresher.refresh(fixture.session) }
      #expect(fixture.place.simulator.requests.count == count)
    }
  }

  @Test func `a plugin that hangs holds up no other, and Tab no longer than it may`() async throws {
    try await CompletionFixture.with(isConnected: false) { fixture in
      _ = try await fixture.session.connected()
      try fixture.place.setFaults("GET /plugins/github/connections=hang")
      let refresher = CacheRefresher()
      let clock = ContinuousClock()
      let first = clock.measure { refresher.refresh(fixture.session) }
      // The wait itself, and what a busy machine adds.
      #expect(first >= CacheRefresher.patience && first < .seconds(2))
      try await Self.look(refresher, fixture) { fixture.session.inventory["jenkins"]?.count == 2 }
      #expect(Self.ids(fixture) == [])
      // It is waited for once.
      #expect(clock.measure { refresher.refresh(fixture.session) } < CacheRefresher.patience)
    }
  }

  @Test func `an answer from before a change is not taken`() async throws {
    try await CompletionFixture.with { fixture in
      try fixture.place.setFaults("GET /plugins/github/connections#1=slow:300")
      let refresher = CacheRefresher()
      fixture.session.inventory.drop()
      refresher.refresh(fixture.session)
      // The person deletes one while the list is on its way.
      fixture.session.inventory.drop("github")
      try fixture.place.setFaults("GET /plugins/github/connections=status:500")
      try await Self.look(refresher, fixture) { fixture.session.inventory["jenkins"]?.count == 2 }
      #expect(Self.ids(fixture) == [])
    }
  }

  @Test func `a DevLake that went away leaves what was seen`() async throws {
    try await CompletionFixture.with { fixture in
      try fixture.place.setFaults("/**=refuse")
      // Somebody changed another plugin's.
      fixture.session.inventory.drop("jenkins")
      CacheRefresher().refresh(fixture.session)
      #expect(Self.ids(fixture) == [1, 2])
    }
  }
}
