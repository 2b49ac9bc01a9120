import DevLakeSimulator
import Synchronization
import Testing

@testable import DevLakeKit

/// That what is said of a change is what DevLake has, whatever it answers.
struct ChangeExecutorTests {
  /// A journal in memory.
  final class Kept: ChangeJournal {
    private let lines = Mutex<[ChangeRecord]>([])
    let refuses: Bool
    init(refuses: Bool = false) { self.refuses = refuses }
    var records: [ChangeRecord] { lines.withLock { $0 } }
    var words: [String] { records.map { "\($0.action) \($0.outcome.rawValue)" } }
    func begin(_ record: ChangeRecord) async throws(JournalError) -> String {
      if refuses { throw JournalError("no disk") }
      lines.withLock { $0.append(record) }
      return "1"
    }
    func end(_ record: ChangeRecord, attempt: String) async {
      lines.withLock { $0.append(record) }
    }
    func note(_ record: ChangeRecord) async { lines.withLock { $0.append(record) } }
    func problem() async -> JournalError? { refuses ? JournalError("no disk") : nil }
  }

  private func with(
    _ faults: String...,
    journal: Kept = Kept(),
    _ body: (Simulator, Changes, Kept) async throws -> Void
  ) async throws {
    let rules = try faults.map { try FaultRule(parsing: $0) }
    try await Simulator.with(seed: .demo, faults: rules) { simulator in
      var changes = Changes(
        in: DevLakeClient(
          baseURL: try ServerURL(simulator.url),
          transport: AsyncHTTPTransport()
        )
      )
      changes.journal = journal
      try await body(simulator, changes, journal)
    }
  }

  private func writes(_ simulator: Simulator) -> [String] {
    simulator.requests.filter { $0.method != "GET" && !$0.path.hasSuffix("/test") }
      .map { "\($0.method) \($0.path)" }
  }

  private func name(_ simulator: Simulator, _ id: Int = 1) -> JSONValue? {
    simulator.connections("gitlab").first { $0["id"]?.int == id }?["name"]
  }

  private let renaming: RequestBody = {
    var body = RequestBody()
    body["name"] = .json("new")
    return body
  }()

  @Test func `a rotation is tested, noted, saved, noted and tested again`() async throws {
    try await with { simulator, changes, journal in
      let outcome = try await changes.rotate(1, of: .gitlab, to: Secret("glpat-fresh-0123456789"))
      #expect(outcome.state == .done)
      #expect(outcome.test?.outcome == .passed)
      #expect(outcome.retest?.outcome == .passed)
      #expect(journal.words == ["rotated started", "rotated done"])
      let sent = simulator.requests.filter { $0.method != "GET" }.map { "\($0.method) \($0.path)" }
      #expect(
        sent == [
          "POST /plugins/gitlab/connections/1/test", "PATCH /plugins/gitlab/connections/1",
          "POST /plugins/gitlab/connections/1/test",
        ]
      )
    }
  }

  @Test func `a candidate that fails keeps all from being written`() async throws {
    try await with { simulator, changes, journal in
      let client = changes.administrator.client
      let list = try await client.connections(of: .gitlab)
      let plan = try zip(list, ["BAD", "good-0123456789"]).map { connection, secret in
        try #require(Change.rotation(of: connection, .gitlab, to: Secret(secret)))
      }
      let report = await changes.run(plan)
      #expect(report.results.map(\.outcome.state) == [.failed, .skipped])
      #expect(report.results.map(\.outcome.problem?.code) == [.testFailed, .otherFailed])
      #expect(report.isUntouched)
      #expect(writes(simulator).isEmpty)
      #expect(journal.words == ["failed failed", "skipped none"])
    }
  }

  @Test func `of some that fail the others are written where that is wanted`() async throws {
    try await with { simulator, changes, journal in
      var changes = changes
      changes.policy.admission = .partial
      let list = try await changes.administrator.client.connections(of: .gitlab)
      let plan = try zip(list, ["BAD", "good-0123456789"]).map { connection, secret in
        try #require(Change.rotation(of: connection, .gitlab, to: Secret(secret)))
      }
      let report = await changes.run(plan)
      #expect(report.results.map(\.outcome.state) == [.failed, .done])
      #expect(writes(simulator) == ["PATCH /plugins/gitlab/connections/2"])
    }
  }

  /// A fault of the PATCH, whether the row has the new name, and what is said.
  static let answers: [(fault: String, isThere: Bool, state: ChangeOutcome.State)] = [
    ("otherid", false, .failed), ("after:otherid", true, .done),
    ("stale", false, .failed), ("after:stale", true, .done),
    ("status:504:{\"message\":\"timing out\"}", false, .failed),
    ("after:status:504:{\"message\":\"timing out\"}", true, .done),
    ("after:status:499:{}", true, .done), ("after:status:408:{\"error\":\"x\"}", true, .done),
    ("after:status:400:{\"message\":\"x\"}", true, .done),
    ("status:404:404 page not found", false, .failed),
    ("after:status:404:404 page not found", true, .done),
    ("after:status:404:{\"message\":\"no Route matched\"}", true, .done),
    ("lost", true, .done), ("close", false, .failed), ("after:html", true, .done),
    ("after:status:200:{\"success\":false}", true, .done),
  ]

  @Test(arguments: answers)
  func `a change is told as the row has it, whatever is answered`(
    _ fault: String,
    _ isThere: Bool,
    _ state: ChangeOutcome.State
  ) async throws {
    try await with("PATCH /plugins/gitlab/connections/1=\(fault)") { simulator, changes, journal in
      let outcome = try await changes.update(1, of: .gitlab, to: renaming)
      #expect(outcome.state == state, "\(String(describing: outcome.problem))")
      #expect((name(simulator) == "new") == isThere)
      #expect(writes(simulator) == ["PATCH /plugins/gitlab/connections/1"])
      let last = try #require(journal.records.last)
      #expect(last.outcome == (state == .done ? .done : .failed))
    }
  }

  @Test(arguments: [
    "close", "status:404:404 page not found", "status:404:{\"message\":\"no Route matched\"}",
    "otherid", "status:502:{\"message\":\"x\"}",
  ])
  func `what no look-up can tell is unknown`(_ lookUp: String) async throws {
    try await with(
      "PATCH /plugins/gitlab/connections/1=lost",
      "GET /plugins/gitlab/connections/1#2+=\(lookUp)"
    ) { simulator, changes, journal in
      let outcome = try await changes.update(1, of: .gitlab, to: renaming)
      #expect(outcome.state == .unknown)
      #expect(journal.words == ["updated started", "failed unknown"])
    }
  }

  @Test func `a field DevLake does not take is named`() async throws {
    try await with { simulator, changes, journal in
      var body = RequestBody()
      body["name"] = .json("new")
      body["nonsense"] = .json("x")
      let outcome = try await changes.update(1, of: .gitlab, to: body)
      #expect(outcome.state == .failed)
      #expect(outcome.problem?.code == .notTaken)
      #expect(outcome.problem?.fields == ["nonsense"])
      #expect(name(simulator) == "new")
    }
  }

  @Test func `the wrong row is never written to`() async throws {
    try await with("GET /plugins/gitlab/connections/1=otherid") { simulator, changes, _ in
      await #expect(throws: APIError.self) {
        try await changes.rotate(1, of: .gitlab, to: Secret("glpat-fresh-0123456789"))
      }
      #expect(writes(simulator).isEmpty)
    }
  }

  @Test(arguments: ["404 page not found", "{\"message\":\"no Route matched\"}"])
  func `a foreign 404 is no proof of a deletion`(_ body: String) async throws {
    try await with(
      "DELETE /plugins/gitlab/connections/2=close",
      "GET /plugins/gitlab/connections/2#2+=status:404:\(body)"
    ) { simulator, changes, _ in
      let outcome = try await changes.delete(2, of: .gitlab)
      #expect(outcome.state == .unknown)
      #expect(simulator.connections("gitlab").count == 2)
    }
  }

  @Test func `a creation is not taken for somebody else's of the same name`() async throws {
    try await with(
      "POST /plugins/gitlab/connections=close",
      "GET /plugins/gitlab/connections#1=status:200:[]"
    ) { simulator, changes, _ in
      var body = RequestBody()
      body["name"] = simulator.connections("gitlab")[0]["name"].map(RequestBody.Value.json)
      body["endpoint"] = .json("https://gitlab.example/api/v4/")
      body["token"] = .secret(Secret("glpat-fresh-0123456789"))
      let outcome = try await changes.create(body, of: .gitlab)
      #expect(outcome.state == .failed)
      #expect(outcome.problem?.effect == .nameTaken)
    }
  }

  @Test func `somebody else's secret is left alone`() async throws {
    try await with { simulator, changes, _ in
      let connection = try await changes.administrator.client.connection(1, of: .jenkins)
      let change = try #require(Change.rotation(of: connection, .jenkins, to: Secret("ours")))
      simulator.change("jenkins", 1, ["password": "theirs"])
      let report = await changes.run([change])
      #expect(report.results[0].outcome.problem?.code == .secretMeanwhile)
      #expect(simulator.connections("jenkins")[0]["password"] == "theirs")
    }
  }

  @Test func `nothing is sent that the journal does not keep, where that is wanted`() async throws {
    try await with(journal: Kept(refuses: true)) { simulator, changes, _ in
      let outcome = try await changes.update(1, of: .gitlab, to: renaming)
      #expect(outcome.state == .failed)
      #expect(outcome.problem?.code == .journal)
      #expect(writes(simulator).isEmpty)
    }
  }

  @Test func `a cancelled caller begins no write and gets the account`() async throws {
    try await with("POST /plugins/gitlab/connections/*/test=slow:300") { simulator, changes, _ in
      let task = Task { try await changes.rotate(1, of: .gitlab, to: Secret("glpat-fresh-0123")) }
      while simulator.requests.allSatisfy({ $0.method == "GET" }), !task.isCancelled {
        if simulator.requests.count >= 1 { task.cancel() }
        await Task.yield()
      }
      let outcome = try? await task.value
      #expect(outcome == nil || outcome?.state != .done)
      #expect(writes(simulator).isEmpty)
    }
  }

  @Test func `a deletion takes the connection out of what uses it, step by step`() async throws {
    try await with { simulator, changes, journal in
      let outcome = try await changes.delete(1, of: .github, cascades: true)
      #expect(outcome.state == .done)
      #expect(outcome.stepsDone == 3)
      #expect(journal.records.count == 6)
      #expect(simulator.scopes("github", 1).isEmpty)
      #expect(!simulator.connections("github").contains { $0["id"]?.int == 1 })
    }
  }

  @Test(arguments: [
    "PATCH /blueprints/1=status:200:{\"success\":false}", "PATCH /blueprints/1=status:200:null",
    "DELETE /plugins/github/connections/1/scopes/*=status:200:{}",
    "DELETE /plugins/github/connections/1/scopes/*=status:404:{\"message\":\"no Route\"}",
    "PATCH /blueprints/1=stale", "PATCH /blueprints/1=otherid",
  ])
  func `a step nobody carried out is not told as done`(_ fault: String) async throws {
    try await with(fault) { simulator, changes, journal in
      let outcome = try await changes.delete(1, of: .github, cascades: true)
      #expect(outcome.state == .failed, "\(fault)")
      #expect(simulator.connections("github").contains { $0["id"]?.int == 1 })
      #expect(journal.records.last?.outcome == .failed)
    }
  }
}
