import Foundation
import Testing

@testable import DevLakeKit

/// The audit log on disk, with several writers and after a crash.
struct AuditLogTests {
  @Test func `writers at once lose no line`() async throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/state/audit.ndjson"
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let log = AuditLog(path: path)
          for line in 0..<25 {
            do {
              try log.append(["time": "t", "writer": .integer(writer), "line": .integer(line)])
            } catch {
              Issue.record("\(error)")
            }
          }
        }
      }
    }
    let contents = try AuditLog(path: path).contents()
    #expect(contents.records.count == 200)
    #expect(contents.brokenLines.isEmpty)
    for writer in 0..<8 {
      let lines = contents.records.filter { $0["writer"]?.int == writer }.map { $0["line"]?.int }
      #expect(lines == Array(0..<25))
    }
  }

  @Test func `a cut line is told and does not take the next one with it`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/audit.ndjson"
    try Data("{\"time\":\"a\"}\n{\"time\":\"b".utf8).write(to: URL(filePath: path))
    let log = AuditLog(path: path)
    try log.append(["time": "c"])
    let contents = try log.contents()
    #expect(contents.records.map { $0["time"] } == ["a", "c"])
    #expect(contents.brokenLines == [2])
  }

  @Test func `a link or a folder in its place is refused`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/audit.ndjson"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
    #expect(throws: FileError.self) { try AuditLog(path: path).append(["time": "a"]) }
    #expect(throws: FileError.self) { try AuditLog(path: folder.path).append(["time": "a"]) }
  }
}
