#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The entries of all sessions, in one file that only its owner can read.
///
/// The file has an entry a line (see ``HistoryCoding``) and grows at its end only, each write
/// under a lock, so that sessions at once lose nothing. It must be a regular file of its own:
/// links, devices and pipes are neither followed nor changed. What goes wrong is said once, then
/// the entries of this session live in memory.
///
///     var store = HistoryStore(path: "/home/ada/.local/state/shell/history")
///     for entry in store.load() { editor.remember(entry) }
///     store.append("list --plugin github")
package struct HistoryStore {
  private var complaint: String?
  /// Whether entries are kept at all: `history off`.
  package var isOn = true
  /// All that is known, oldest first.
  package private(set) var entries: [String] = []

  private let path: String
  private let limit: Int
  private var position: HistoryFile.Position?
  /// How many entries the file has.
  private var count = 0
  private var hasComplained = false
  /// Whether someone held the file's lock for longer than one waits: no line waits for that again.
  private var wasBusy = false

  /// - Parameters:
  ///   - path: Where the file is or will be; its folder is made with mode 0700.
  ///   - limit: How many entries a compaction leaves. The file may grow to twice as many.
  package init(path: String, limit: Int = 10_000) {
    self.path = path
    self.limit = max(limit, 1)
  }

  /// Reads the file; call it once, before the first line.
  package mutating func load() -> [String] {
    _ = refresh()
    return entries
  }

  /// The entries other sessions have added since the last look.
  mutating func refresh() -> [String] {
    do throws(HistoryFile.Failure) {
      guard let file = try HistoryFile(path: path, creates: false, waits: !wasBusy) else {
        return []
      }
      return try take(from: file)
    } catch {
      complain(error)
      return []
    }
  }

  /// Adds an entry; call it before its command runs.
  ///
  /// - Returns: The entries other sessions have added before it.
  @discardableResult
  package mutating func append(_ entry: String) -> [String] {
    guard isOn, !entry.isEmpty else { return [] }
    do throws(HistoryFile.Failure) {
      guard let file = try HistoryFile(path: path, creates: true, waits: !wasBusy) else {
        return []
      }
      let others = try take(from: file)
      position = try file.append(HistoryCoding.line(entry))
      count += 1
      entries.append(entry)
      try compact(file)
      return others
    } catch {
      if entries.last != entry { entries.append(entry) }
      complain(error)
      return []
    }
  }

  /// The entries that contain a text, whatever its case, oldest first.
  func search(_ text: String) -> [String] {
    let wanted = text.lowercased()
    return entries.filter { wanted.isEmpty || $0.lowercased().contains(wanted) }
  }

  /// What to tell the person, if anything, once.
  package mutating func takeComplaint() -> String? {
    defer { complaint = nil }
    return complaint
  }

  /// Takes what the file has behind the place seen last.
  private mutating func take(
    from file: borrowing HistoryFile
  ) throws(HistoryFile.Failure) -> [String] {
    let content = try file.read(from: position)
    let found = HistoryCoding.entries(content.bytes)
    // Another session has compacted the file: it holds what is known, and perhaps more.
    let wasReplaced = position != nil && content.isWhole
    let added = wasReplaced ? Array(Self.added(in: found, behind: entries)) : found
    count = content.isWhole ? found.count : count + found.count
    position = content.end
    entries += added
    return added
  }

  /// What is in `all` behind the last entries that are known.
  private static func added(in all: [String], behind known: [String]) -> ArraySlice<String> {
    let tail = known.suffix(20)
    guard !tail.isEmpty else { return all[...] }
    guard all.count >= tail.count else { return [] }
    for start in stride(from: all.count - tail.count, through: 0, by: -1)
    where all[start..<(start + tail.count)].elementsEqual(tail) {
      return all[(start + tail.count)...]
    }
    return []
  }

  /// Leaves the newest entries when the file has twice as many as it should.
  private mutating func compact(_ file: borrowing HistoryFile) throws(HistoryFile.Failure) {
    guard count > 2 * limit else { return }
    let whole = try file.read(from: nil)
    let newest = HistoryCoding.entries(whole.bytes).suffix(limit)
    position = try file.replace(with: newest.map(HistoryCoding.line).joined())
    count = newest.count
    entries = Array(entries.suffix(limit))
  }

  private mutating func complain(_ failure: HistoryFile.Failure) {
    if case .busy = failure { wasBusy = true }
    guard !hasComplained else { return }
    hasComplained = true
    complaint = "history is kept in memory only: \(failure)"
  }
}
