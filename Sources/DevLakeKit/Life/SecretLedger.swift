#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What this machine knows of when secrets were set and when they end: `secrets.ndjson`, a line each.
///
/// Every change is made under the lock of state files, so that shells at once lose nothing. A line that
/// sets one secret is appended, as a rotation of a thousand must not write a thousand files; every other
/// change replaces the file as a whole. Of two lines about one secret the later counts. Lines nobody can
/// read stay where they are.
package struct SecretLedger: Sendable {
  private let folder: String

  /// Creates a secret ledger with the program's state folder; it is made when something is written.
  package init(folder: String) { self.folder = folder }

  private var path: String { folder + "/secrets.ndjson" }

  /// What was read.
  package struct Contents: Sendable {
    /// The records, each secret once.
    package var records: [SecretRecord] = []
    /// The numbers of the lines that are none, from 1.
    package var brokenLines: [Int] = []

    /// Nothing.
    package init() {}

    fileprivate var unread: [[UInt8]] = []
  }

  /// A change of the ledger.
  package enum Edit: Sendable {
    /// A secret was set.
    case set(SecretRecord)
    /// It became known, or wished, when the present secret ends.
    case end(SecretRecord.Key, name: String, CalendarDay?)
    /// The connection has another name.
    case renamed(instance: String, ConnectionKey, to: String)
    /// The connection, or what had its number before, is gone.
    case gone(instance: String, ConnectionKey)
    /// Some of several tokens were added, replaced or taken away: what each token now is.
    case pool(SecretRecord, [TokenReplacement.Fate])
  }

  /// Reads the file; nothing when there is none.
  package func contents() throws(FileError) -> Contents {
    let bytes = try StoredFile(exactly: path).read(limit: 64 << 20)?.bytes ?? []
    var contents = Contents()
    var places: [SecretRecord.Key: Int] = [:]
    var records: [SecretRecord?] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      guard let object = (try? JSONValue(parsing: line))?.object,
        let record = SecretRecord(object)
      else {
        contents.brokenLines.append(index + 1)
        contents.unread.append(Array(line))
        continue
      }
      if let place = places[record.key] {
        records[place] = record
      } else {
        places[record.key] = records.count
        records.append(record)
      }
      // All tokens of a field were set at once.
      guard record.key.token == nil else { continue }
      for (key, place) in places
      where key.token != nil && key.connection == record.key.connection
        && key.field == record.key.field && key.instance == record.key.instance
      {
        records[place] = nil
        places[key] = nil
      }
    }
    contents.records = records.compactMap(\.self)
    return contents
  }

  /// Makes changes, all or none.
  ///
  /// - Parameter patience: How long another program's lock is waited for.
  package func apply(_ edits: [Edit], patience: Duration = .seconds(10)) throws(FileError) {
    guard !edits.isEmpty else { return }
    AuditLog.makeFolders(to: path)
    let lock = try FileLock.acquire(folder: folder, patience: patience)
    defer { lock.release() }
    var lines = ""
    for case .set(let record) in edits { lines += JSONValue.object(record.line).text + "\n" }
    let isAppended = edits.allSatisfy { if case .set = $0 { true } else { false } }
    if isAppended, try append(Array(lines.utf8)) { return }
    var contents = try contents()
    let before = contents.records
    for edit in edits { Self.make(edit, &contents.records) }
    guard contents.records != before else { return }
    var bytes = contents.unread.flatMap { $0 + [UInt8(ascii: "\n")] }
    for record in contents.records {
      bytes += Array((JSONValue.object(record.line).text + "\n").utf8)
    }
    try StoredFile(exactly: path).replace(with: bytes)
  }

  /// Adds lines at the end; the log has the same, so that the disk is not waited for.
  ///
  /// - Returns: Whether they are there; not in a file that is to be put in order first.
  private func append(_ bytes: [UInt8]) throws(FileError) -> Bool {
    let file = try OpenFile(
      path,
      O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW,
      mode: 0o600,
      action: .write
    )
    let status = try file.status()
    guard status.isRegularFile else { throw FileError(.write, path, code: EINVAL) }
    let end = lseek(file.descriptor, 0, SEEK_END)
    var last = UInt8(ascii: "\n")
    if end > 0 { pread(file.descriptor, &last, 1, end - 1) }
    // A line that was cut, or one line a secret many times over.
    guard last == UInt8(ascii: "\n"), end < 4 << 20 else { return false }
    guard writeAll(bytes, to: file.descriptor) else {
      let error = FileError(.write, path)
      ftruncate(file.descriptor, end)
      throw error
    }
    return true
  }

  private static func make(_ edit: Edit, _ records: inout [SecretRecord]) {
    switch edit {
    case .set(let record):
      records.removeAll { $0.key.isPart(of: record.key) }
      records.append(record)
    case .end(let key, let name, let day):
      let places = records.indices.filter { records[$0].key.isPart(of: key) }
      for place in places { records[place].expires = day }
      if places.isEmpty, day != nil { records.append(SecretRecord(key, name: name, expires: day)) }
    case .renamed(let instance, let connection, let name):
      for place in records.indices
      where records[place].key.connection == connection
        && records[place].key.instance == SecretRecord.instance(instance)
      {
        records[place].name = name
      }
    case .gone(let instance, let connection):
      records.removeAll {
        $0.key.connection == connection && $0.key.instance == SecretRecord.instance(instance)
      }
    case .pool(let set, let fates):
      let old = records.filter { $0.key.isPart(of: set.key) }
      records.removeAll { $0.key.isPart(of: set.key) }
      for (index, fate) in fates.enumerated() {
        var record = set
        record.key.token = index + 1
        if case .kept(let number) = fate {
          let former = old.first { $0.key.token == number } ?? old.first { $0.key.token == nil }
          record.since = former?.since
          record.expires = former?.expires
        }
        records.append(record)
      }
    }
  }
}

extension SecretRecord.Key {
  /// Whether it is about the same field, or a token in it.
  fileprivate func isPart(of whole: SecretRecord.Key) -> Bool {
    connection == whole.connection && field == whole.field && instance == whole.instance
      && (whole.token == nil || whole.token == token)
  }
}
