import Foundation
import Testing

@testable import DevLakeKit

/// What `secrets.ndjson` keeps of the life of secrets.
struct SecretLedgerTests {
  private let folder =
    FileManager.default.temporaryDirectory.path
    + "/devlake-ledger-" + UUID().uuidString

  private func record(_ id: Int, expires: String? = nil, token: Int? = nil) -> SecretRecord {
    SecretRecord(
      SecretRecord.Key(
        instance: "http://devlake",
        connection: ConnectionKey(plugin: "github", id: id),
        field: "token",
        token: token
      ),
      name: "c\(id)",
      since: "2026-11-01T00:00:00Z",
      expires: expires.flatMap { CalendarDay($0) }
    )
  }

  private func key(_ id: Int) -> ConnectionKey { ConnectionKey(plugin: "github", id: id) }

  @Test func `several writers at once lose nothing`() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ledger = SecretLedger(folder: folder)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id in 1...40 {
        group.addTask {
          try ledger.apply([.set(record(id))])
          if id % 4 == 0 {
            try ledger.apply([.renamed(instance: "http://devlake", key(id), to: "new \(id)")])
          }
        }
      }
      try await group.waitForAll()
    }
    let records = try ledger.contents().records
    #expect(Set(records.map(\.key.connection.id)) == Set(1...40))
    #expect(records.count == 40)
    for record in records where record.key.connection.id % 4 == 0 {
      #expect(record.name == "new \(record.key.connection.id)")
    }
  }

  @Test func `the later line counts, and a gone connection leaves nothing`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ledger = SecretLedger(folder: folder)
    try ledger.apply([.set(record(1, expires: "2027-01-01")), .set(record(2))])
    try ledger.apply([.set(record(1, expires: "2028-01-01"))])
    var records = try ledger.contents().records
    #expect(records.map(\.expires?.text) == ["2028-01-01", nil])
    try ledger.apply([.end(record(2).key, name: "c2", CalendarDay("2027-05-05"))])
    try ledger.apply([.gone(instance: "http://devlake/", key(1))])
    records = try ledger.contents().records
    #expect(records == [record(2, expires: "2027-05-05")])
  }

  @Test func `lines nobody can read stay, and are told`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/secrets.ndjson"
    try Data("by hand\n".utf8).write(to: URL(filePath: path))
    let ledger = SecretLedger(folder: folder)
    try ledger.apply([.set(record(1))])
    try ledger.apply([.renamed(instance: "http://devlake", key(1), to: "other")])
    let contents = try ledger.contents()
    #expect(contents.brokenLines == [1])
    #expect(contents.records.map(\.name) == ["other"])
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("by hand\n"))
  }

  @Test func `tokens of a pool keep their own ages under new numbers`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ledger = SecretLedger(folder: folder)
    try ledger.apply([.set(record(1, expires: "2027-01-01"))])
    var new = record(1, expires: "2028-02-02")
    new.since = "2026-12-01T00:00:00Z"
    try ledger.apply([.pool(new, [.new, .kept(was: 1)])])
    var records = try ledger.contents().records
    #expect(records.map(\.key.token) == [1, 2])
    #expect(records.map(\.expires?.text) == ["2028-02-02", "2027-01-01"])
    try ledger.apply([.pool(new, [.kept(was: 2)])])
    records = try ledger.contents().records
    #expect(records.map(\.since) == ["2026-11-01T00:00:00Z"])
    try ledger.apply([.set(new)])
    #expect(try ledger.contents().records == [new])
  }

  @Test(arguments: [
    ("2027-02-28", "2027-02-28"), ("2028-02-29", "2028-02-29"), ("2027-02-29", nil),
    ("2027-13-01", nil), ("tomorrow", nil), ("2027-01-01 ", nil),
    ("2026-12-31T23:30:00-05:00", "2027-01-01"),
  ])
  func `a day is one of the calendar`(text: String, day: String?) {
    #expect(CalendarDay(written: text)?.text == day)
  }
}
