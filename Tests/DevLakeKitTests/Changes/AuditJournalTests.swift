import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeKit

/// That the log has a line before each write and one after it, and that the first tells of who was
/// killed in between.
struct AuditJournalTests {
  private let folder: ScratchFolder
  private let log: AuditLog

  init() throws {
    folder = try ScratchFolder()
    log = AuditLog(path: folder.path + "/audit.ndjson")
  }

  private func context(
    _ url: String = "http://here",
    isRequired: Bool = false
  )
    -> AuditJournal.Context
  {
    AuditJournal.Context(instance: url, user: "me", command: "update", isRequired: isRequired)
  }

  private func record(_ id: Int? = 1, _ name: JSONValue = "new") -> ChangeRecord {
    ChangeRecord(
      plugin: "gitlab",
      id: id,
      name: "GitLab",
      action: "updated",
      changes: [FieldChange(field: "name", before: "old", after: name)],
      outcome: .done
    )
  }

  @Test func `a write has two lines, of which the first says that it began`() async throws {
    let journal = AuditJournal(log, context(), folder: folder.path)
    let attempt = try await journal.begin(record())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("attempts")).count == 1)
    await journal.end(record(), attempt: attempt)
    let records = try log.contents().records
    #expect(records.map { $0["outcome"] } == ["started", "done"])
    #expect(records[0]["attempt"] == records[1]["attempt"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("attempts")).isEmpty)
  }

  @Test func `lines of many at once are all kept`() async throws {
    let journal = AuditJournal(log, context(), folder: folder.path)
    await withTaskGroup(of: Void.self) { group in
      for id in 1...200 {
        group.addTask {
          var line = record(id)
          line.outcome = .started
          guard let attempt = try? await journal.begin(line) else { return }
          await journal.end(record(id), attempt: attempt)
        }
      }
    }
    let records = try log.contents().records
    #expect(records.count == 400)
    for id in 1...200 {
      let own = records.filter { $0["id"]?.int == id }.map { $0["outcome"] }
      #expect(own == ["started", "done"])
    }
  }

  @Test func `without its log a change is stopped only where that is wanted`() async throws {
    try folder.write("audit.ndjson", "", mode: 0o600)
    let blocked = AuditLog(path: folder.path)
    let lenient = AuditJournal(blocked, context(), folder: folder.path)
    _ = try await lenient.begin(record())
    #expect(await lenient.problem() != nil)
    let strict = AuditJournal(blocked, context(isRequired: true), folder: folder.path)
    await #expect(throws: JournalError.self) { try await strict.begin(record()) }
  }

  @Test func `a lock somebody holds is waited for once`() async throws {
    try folder.write("audit.ndjson", "")
    let holder = open(folder.path("audit.ndjson"), O_RDWR)
    defer { close(holder) }
    #expect(flock(holder, LOCK_EX | LOCK_NB) == 0)
    let patience = LockBudget(.milliseconds(40))
    let journal = AuditJournal(log, context(), folder: folder.path, patience: patience)
    for _ in 1...5 { await journal.note(record()) }
    #expect(await journal.problem() != nil)
    #expect(!patience.allows(.milliseconds(40)))
  }

  /// A log as a killed program leaves it.
  private func leave(_ record: ChangeRecord, _ url: String) throws {
    let marker = "1-abc"
    try? FileManager.default.createDirectory(
      atPath: folder.path("attempts"),
      withIntermediateDirectories: false
    )
    try folder.write("attempts/\(marker)", "")
    var line: JSONObject = [
      "time": "2026-01-01T00:00:00Z", "user": "me", "instance": .string(url), "command": "update",
      "plugin": .string(record.plugin), "id": record.id.map { .integer($0) } ?? .null,
      "name": .string(record.name), "action": .string(record.action),
      "changes": .array(record.changes.map(\.json)), "outcome": "started",
      "attempt": .string(marker + ".1"),
    ]
    line["updatedAt"] = record.updatedAt.map(JSONValue.string)
    try log.append(line)
  }

  @Test(arguments: [
    ("new", "done"), ("other", "unknown"),
  ])
  func `what a killed program began is looked up by the next`(
    _ stored: String,
    _ outcome: String
  ) async throws {
    try await Simulator.with(seed: .demo) { simulator in
      simulator.change("gitlab", 1, ["name": .string(stored)])
      try leave(record(), simulator.url)
      let client = DevLakeClient(
        baseURL: try ServerURL(simulator.url),
        transport: AsyncHTTPTransport()
      )
      let open = OpenAttempts(log, folder: folder.path, context(simulator.url))
      let settled = await open.settle(Administrator(client: client))
      #expect(settled.map(\.outcome.rawValue) == [outcome])
      #expect(settled.map(\.title) == ["gitlab/1"])
      #expect(try log.contents().records.last?["outcome"] == .string(outcome))
      // It is told once.
      #expect(await open.settle(Administrator(client: client)).isEmpty)
    }
  }

  @Test func `a row nobody has written to since was not changed`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      let client = DevLakeClient(
        baseURL: try ServerURL(simulator.url),
        transport: AsyncHTTPTransport()
      )
      var left = record(1, "***")
      left.updatedAt = try await client.connection(1, of: .gitlab).updatedAt
      try leave(left, simulator.url)
      let open = OpenAttempts(log, folder: folder.path, context(simulator.url))
      let settled = await open.settle(Administrator(client: client))
      #expect(settled.map(\.outcome) == [.failed])
    }
  }

  @Test func `attempts on another DevLake wait for it`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      try leave(record(), "http://elsewhere")
      let client = DevLakeClient(
        baseURL: try ServerURL(simulator.url),
        transport: AsyncHTTPTransport()
      )
      let open = OpenAttempts(log, folder: folder.path, context(simulator.url))
      #expect(await open.settle(Administrator(client: client)).isEmpty)
      #expect(try log.contents().records.count == 1)
    }
  }
}
