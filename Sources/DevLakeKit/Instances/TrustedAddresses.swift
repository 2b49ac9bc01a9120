#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The DevLakes of state files a person has confirmed, one address a line.
///
/// A folder that was cloned must not decide where secrets go: its address is asked about once.
package struct TrustedAddresses: Sendable {
  private let path: String

  /// Creates trusted addresses with the file; it is made at the first confirmation, for its owner alone.
  package init(path: String) { self.path = path }

  /// Whether the address was confirmed; a file that cannot be read confirms nothing.
  package func contains(_ url: ServerURL) -> Bool {
    guard let lines = try? lines() else { return false }
    // A line that is not an address confirms none.
    return lines.contains { (try? ServerURL(String($0)))?.isSameInstance(as: url) == true }
  }

  /// Remembers an address, without a user and a password.
  ///
  /// - Throws: ``FileError``; then it is asked about again.
  package func add(_ url: ServerURL) throws(FileError) {
    let file = StoredFile(path)
    Self.makeFolder(file.folder)
    let lock = try FileLock.acquire(folder: file.folder)
    defer { lock.release() }
    guard !contains(url) else { return }
    let text = (try lines() + [url.text[...]]).map { $0 + "\n" }.joined()
    try file.replace(with: Array(text.utf8))
  }

  private func lines() throws(FileError) -> [Substring] {
    let bytes = try StoredFile(path).read()?.bytes ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Makes the folder and those above it; what fails shows when the file is written.
  static func makeFolder(_ folder: String) {
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/" + part
      mkdir(path, 0o700)
    }
  }
}
