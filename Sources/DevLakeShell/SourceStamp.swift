#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The source a program was built from, as `scripts/build-release` notes it behind the program.
///
///     devlake-shell-source commit=0f9d… date=2026-11-25T12:00:00Z modified=false
///
/// The line follows the last section of the ELF file, where no loader looks. Compiled in, it would make
/// every commit compile and link again what has not changed. A build by `swift build` has none.
struct SourceStamp: Equatable {
  /// The commit's full hash.
  let commit: String
  /// The commit's time in UTC, `2026-11-25T12:00:00Z`.
  let date: String
  /// Whether files of the source differed from the commit.
  let isModified: Bool

  private static let marker = "devlake-shell-source "
  /// More than the line has.
  private static let longest = 256

  /// Reads the last bytes of a program; `nil`: they are not stamp.
  init?(trailer bytes: some Collection<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.last == "\n", let line = text.split(separator: "\n").last,
      line.hasPrefix(Self.marker)
    else { return nil }
    var values: [Substring: Substring] = [:]
    for word in line.dropFirst(Self.marker.count).split(separator: " ") {
      let pair = word.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { values[pair[0]] = pair[1] }
    }
    guard let commit = values["commit"], let date = values["date"] else { return nil }
    self.commit = String(commit)
    self.date = String(date)
    isModified = values["modified"] == "true"
  }

  /// Reads the stamp of the program at `path`.
  init?(programAt path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Self.longest)
    let count = pread(file, &bytes, bytes.count, max(0, status.st_size - off_t(Self.longest)))
    guard count > 0 else { return nil }
    self.init(trailer: bytes.prefix(count))
  }

  /// The stamp of the program that runs.
  static var ofThisProgram: SourceStamp? { SourceStamp(programAt: "/proc/self/exe") }
}
