import Foundation
import Testing

/// An empty folder of its own for a test, gone with the last reference.
final class ScratchFolder: Sendable {
  let path: String

  /// - Parameter inMemory: Whether it is in memory where the system has such folders: a disk takes
  ///   milliseconds for each write that is to be on it.
  init(inMemory: Bool = false) throws {
    // Links resolved, so that paths compare equal.
    let disk = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    let memory = "/dev/shm"
    let root = inMemory && FileManager.default.isWritableFile(atPath: memory) ? memory : disk
    path = root + "/devlake-kit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where `name` is or would be.
  func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file and gives its path.
  @discardableResult
  func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    try write(name, bytes: Array(text.utf8), mode: mode)
  }

  @discardableResult
  func write(_ name: String, bytes: [UInt8], mode: Int = 0o600) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    return path(name)
  }

  /// The file's text; `nil` when there is none.
  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// The names in it, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
