import Foundation
import Testing

@testable import DevLakeKit

/// Thousands of writes of two at once, of which none is lost; the end-to-end tests do fewer of them
/// with two shells.
struct SideBySideWritingTests {
  private static let url = ServerURL.local(8080)

  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder(inMemory: true) }

  @Test func `every record is in the audit log, in the order of its writer`() async throws {
    let path = folder.path + "/audit.ndjson"
    let count = 5_000
    await Self.inParallel(count) { writer, number in
      try AuditLog(path: path).append([
        "time": "t", "writer": .integer(writer), "no": .integer(number),
      ])
    }
    let contents = try AuditLog(path: path).contents()
    #expect(contents.brokenLines.isEmpty)
    #expect(contents.records.count == 2 * count)
    for writer in 0...1 {
      let numbers = contents.records.filter { $0["writer"]?.int == writer }.map { $0["no"]?.int }
      #expect(numbers == (1...count).map(Optional.some))
    }
  }

  @Test func `the state file has what each wrote last, and nothing it removed`() async throws {
    let path = folder.path
    let count = 1_250
    // Ten are remembered at any time; a write that was lost leaves one too many, or one too few.
    await Self.inParallel(count) { writer, number in
      let store = StateFileStore(folder: path)
      let plugin = writer == 0 ? "github" : "jira"
      let made = StateFile.Connection(plugin: plugin, id: number, name: "name \(number)")
      _ = try store.record(made, of: Self.url)
      if number > 10 { _ = try store.forget(plugin: plugin, id: number - 10, of: Self.url) }
    }
    let text = try #require(folder.text(".devlake-local.json"))
    let state = try JSONValue(parsing: Array(text.utf8))
    for plugin in ["github", "jira"] {
      let names = state["connections"]?.array?.filter { $0["plugin"]?.string == plugin }
        .compactMap { $0["name"]?.string }
      #expect(names == (count - 9...count).map { "name \($0)" })
    }
    #expect(try folder.names == [".devlake-local.json"])
  }

  /// Two threads, as two shells would: each opens its files anew for every write.
  private static func inParallel(
    _ count: Int,
    _ write: @escaping @Sendable (_ writer: Int, _ number: Int) throws -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      for writer in 0...1 {
        group.addTask {
          do {
            for number in 1...count { try write(writer, number) }
          } catch {
            Issue.record("\(error)")
          }
        }
      }
    }
  }
}
