import Foundation
import Testing

/// An empty folder of its own for a test, gone with the last reference.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    // Links resolved, so that paths compare equal.
    let root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    path = root + "/devlake-shell-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where `name` is or would be.
  func path(_ name: String) -> String { name.hasPrefix("/") ? name : path + "/" + name }

  /// Writes a file.
  func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
  }

  /// The file's text; `nil` when there is none.
  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// The texts of all files in it and below.
  func everything() throws -> String {
    let names = try FileManager.default.subpathsOfDirectory(atPath: path)
    return names.compactMap { text($0) }.joined(separator: "\n")
  }
}
