import Foundation
import Glibc
import Testing

@testable import DevLakeShell
@testable import LineEditing

struct HistoryStoreTests {
  /// A folder of the test's own, gone with the test.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/history-XXXXXX".utf8CString)
      path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/state/devlake-shell/history" }

    func write(_ text: String) throws {
      try FileManager.default.createDirectory(
        atPath: path + "/state/devlake-shell",
        withIntermediateDirectories: true
      )
      try Data(text.utf8).write(to: URL(filePath: file))
    }

    func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    func mode(_ path: String) throws -> UInt32 {
      var status = stat()
      try #require(lstat(path, &status) == 0)
      return status.st_mode & 0o777
    }
  }

  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test(arguments: [
    "list", "if {\n  x\n}", "back\\slash \\n", "tab\there", "bell\u{7}\u{1B}[31m", "Ёж 日本 👩‍👧", "\\",
    "\\x", "\\x4", "a\r\nb", " leading and trailing ", "\u{7F}",
  ])
  func `any entry survives`(entry: String) {
    var store = HistoryStore(path: folder.file)
    store.append("before")
    store.append(entry)
    store.append("after")
    var other = HistoryStore(path: folder.file)
    #expect(other.load() == ["before", entry, "after"])
    #expect(store.takeComplaint() == nil)
  }

  @Test func `the file and its folders are their owner's from birth`() throws {
    var store = HistoryStore(path: folder.file)
    store.append("list")
    #expect(try folder.mode(folder.file) == 0o600)
    #expect(try folder.mode(folder.path + "/state/devlake-shell") == 0o700)
    #expect(try folder.mode(folder.path + "/state") == 0o700)
  }

  @Test func `a file that others could read is theirs no longer`() throws {
    try folder.write("old\n")
    chmod(folder.file, 0o644)
    var store = HistoryStore(path: folder.file)
    store.append("new")
    #expect(try folder.mode(folder.file) == 0o600)
    #expect(try folder.text() == "old\nnew\n")
  }

  @Test func `looking at a history makes none`() {
    var store = HistoryStore(path: folder.file)
    #expect(store.load() == [])
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
    #expect(store.takeComplaint() == nil)
  }

  @Test func `sessions at once see each other's entries`() {
    var one = HistoryStore(path: folder.file)
    var two = HistoryStore(path: folder.file)
    #expect(one.append("1") == [])
    #expect(two.load() == ["1"])
    #expect(two.append("2") == [])
    #expect(one.append("3") == ["2"])
    #expect(two.refresh() == ["3"])
    #expect(two.refresh() == [])
    #expect(one.entries == ["1", "2", "3"])
    #expect(two.entries == ["1", "2", "3"])
  }

  @Test func `sessions writing at the same time lose no line`() async throws {
    let path = folder.file
    await withTaskGroup { group in
      for session in 0..<4 {
        group.addTask {
          var store = HistoryStore(path: path)
          for number in 0..<250 { store.append("session \(session) line \(number)") }
        }
      }
    }
    var store = HistoryStore(path: path)
    let entries = store.load()
    #expect(entries.count == 1000)
    #expect(Set(entries).count == 1000)
  }

  @Test func `sessions that compact at the same time lose no new line`() async throws {
    let path = folder.file
    await withTaskGroup { group in
      for session in 0..<4 {
        group.addTask {
          var store = HistoryStore(path: path, limit: 500)
          for number in 0..<250 { store.append("session \(session) line \(number)") }
        }
      }
    }
    var store = HistoryStore(path: path, limit: 500)
    let entries = Set(store.load())
    // At most twice the limit stays, and the newest always do.
    #expect((500...1000).contains(entries.count))
    for session in 0..<4 { #expect(entries.contains("session \(session) line 249")) }
  }

  @Test func `a history over its size keeps the newest, in a new file`() throws {
    var store = HistoryStore(path: folder.file, limit: 3)
    var other = HistoryStore(path: folder.file, limit: 3)
    for number in 1...5 { store.append("\(number)") }
    #expect(other.load() == ["1", "2", "3", "4", "5"])
    for number in 6...7 { store.append("\(number)") }
    #expect(try folder.text() == "5\n6\n7\n")
    #expect(try folder.mode(folder.file) == 0o600)
    #expect(store.entries == ["5", "6", "7"])
    store.append("8")
    #expect(store.entries == ["5", "6", "7", "8"])
    #expect(!FileManager.default.fileExists(atPath: folder.file + ".new"))
  }

  @Test func `a session sees what was added before and after another one compacted`() {
    var one = HistoryStore(path: folder.file, limit: 30)
    var two = HistoryStore(path: folder.file, limit: 30)
    for number in 1...59 { one.append("\(number)") }
    _ = two.load()
    for number in 60...63 { one.append("\(number)") }
    #expect(two.refresh() == ["60", "61", "62", "63"])
  }

  @Test(arguments: [
    ("one\n\n\ntwo\n", ["one", "two"]),
    // Cut short by a crash.
    ("one\ntw", ["one"]),
    ("_HiStOrY_V2_\nlist\n", ["list"]),
    ("\\q \\\n", ["\\q \\"]),
    ("\n", []),
    ("", []),
  ])
  func `a strange file is read as well as it can be`(text: String, entries: [String]) throws {
    try folder.write(text)
    var store = HistoryStore(path: folder.file)
    #expect(store.load() == entries)
  }

  @Test func `bytes that are not text cost nothing else`() throws {
    try folder.write("one\n")
    let handle = try #require(FileHandle(forWritingAtPath: folder.file))
    handle.seekToEndOfFile()
    handle.write(Data([0xFF, 0xFE, 0x0A]))
    handle.write(Data("two\n".utf8))
    var store = HistoryStore(path: folder.file)
    #expect(store.load() == ["one", "\u{FFFD}\u{FFFD}", "two"])
  }

  @Test func `a line that was cut short does not swallow the next one`() throws {
    try folder.write("one\ntw")
    var store = HistoryStore(path: folder.file)
    store.append("three")
    var other = HistoryStore(path: folder.file)
    #expect(other.load().last == "three")
  }

  @Test func `a link is not followed`() throws {
    try folder.write("")
    let target = folder.path + "/target"
    try Data("kept\n".utf8).write(to: URL(filePath: target))
    chmod(target, 0o644)
    unlink(folder.file)
    symlink(target, folder.file)
    var store = HistoryStore(path: folder.file)
    store.append("list")
    #expect(
      store.takeComplaint()
        == "history is kept in memory only: '\(folder.file)' is a link or no regular file"
    )
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "kept\n")
    #expect(try folder.mode(target) == 0o644)
  }

  @Test func `a pipe is neither waited for nor changed`() throws {
    let pipe = folder.path + "/pipe"
    try #require(mkfifo(pipe, 0o644) == 0)
    var store = HistoryStore(path: pipe)
    #expect(store.load() == [])
    store.append("list")
    #expect(store.takeComplaint() != nil)
    #expect(try folder.mode(pipe) == 0o644)
  }

  @Test func `the null device keeps its mode`() throws {
    let before = try folder.mode("/dev/null")
    var store = HistoryStore(path: "/dev/null")
    store.append("list")
    #expect(try folder.mode("/dev/null") == before)
    #expect(store.entries == ["list"])
  }

  @Test func `a folder that cannot be written is said once and costs nothing else`() throws {
    // A file where a folder should be: that holds for root too.
    try folder.write("")
    var store = HistoryStore(path: folder.file + "/history")
    store.append("one")
    #expect(store.takeComplaint()?.hasPrefix("history is kept in memory only: '") == true)
    store.append("two")
    #expect(store.takeComplaint() == nil)
    #expect(store.entries == ["one", "two"])
  }

  @Test func `a full disk is said and leaves the file whole`() throws {
    // The device that is always full stands for the disk.
    let failure = HistoryFile.Failure.system("/dev/full", code: ENOSPC)
    #expect(throws: failure) {
      let full = open("/dev/full", O_WRONLY)
      defer { close(full) }
      try HistoryFile.append("line\n", to: full, path: "/dev/full")
    }
    #expect("\(failure)" == "'/dev/full': No space left on device")
  }

  @Test func `nothing is kept while it is off`() throws {
    var store = HistoryStore(path: folder.file)
    store.append("one")
    store.isOn = false
    store.append("two")
    store.isOn = true
    store.append("three")
    #expect(try folder.text() == "one\nthree\n")
    #expect(store.entries == ["one", "three"])
  }

  @Test func `a search ignores case and keeps the order`() {
    var store = HistoryStore(path: folder.file)
    for entry in ["list", "test 1", "LIST all", "Ёж"] { store.append(entry) }
    #expect(store.search("List") == ["list", "LIST all"])
    #expect(store.search("ёж") == ["Ёж"])
    #expect(store.search("") == store.entries)
    #expect(store.search("nothing") == [])
  }
}
