import DevLakeKit

/// What this machine remembers of connections besides DevLake: the audit log, the state files of the
/// folder, and when secrets end.
///
/// Each command has a journal of its own (``next()``): one patience with locks of others counts for all
/// its writing together. What was read of the state files is read again only when one has changed, as
/// other programs write the same files.
final class Journal {
  /// The small files of the folder, and the problems with them.
  let stateFiles: StateFileStore
  /// How long the command still waits for locks of others.
  let patience = LockBudget()
  /// Where the log is; `nil` without a home.
  let folder: String?
  /// Who writes.
  let userName: String
  private let processID: Int32
  private var lives: SecretLives?
  private let memory: Memory

  /// What the state files have of one DevLake, and their stamps when they were read.
  private final class Memory {
    var connections: [ConnectionKey: StateFile.Connection]?
    var url: ServerURL?
    var stamps: [StateFileStore.Stamp?] = []
  }

  init(_ world: World) {
    stateFiles = StateFileStore(folder: world.workingDirectory)
    folder = Self.folder(world.environment)
    userName = world.userName ?? world.environment["USER"] ?? "unknown"
    processID = world.processID
    memory = Memory()
  }

  private init(after journal: Journal) {
    stateFiles = journal.stateFiles
    folder = journal.folder
    userName = journal.userName
    processID = journal.processID
    memory = journal.memory
  }

  /// The journal of the next command.
  func next() -> Journal {
    if memory.stamps != stateFiles.stamps { memory.connections = nil }
    return Journal(after: self)
  }

  /// Why there is no log, and what to do about it.
  static let homeless = "there is no home directory; set HOME or XDG_STATE_HOME"

  /// The log of this machine; `nil` without a home.
  var auditLog: AuditLog? { folder.map { AuditLog(path: $0 + "/audit.ndjson") } }

  /// When secrets were set and when they end, as far as this machine knows; `nil` without a home.
  var secretLedger: SecretLedger? { folder.map(SecretLedger.init) }

  /// Who holds a lock, for whoever comes second.
  var lockHolder: String { "\(userName), process \(processID), since \(AuditLog.now)" }

  /// `$XDG_STATE_HOME/devlake-shell`, or its place in the home.
  private static func folder(_ environment: [String: String]) -> String? {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return state + "/devlake-shell"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/devlake-shell"
  }

  /// What the state files remember of a connection; they are read once.
  func remembered(_ key: ConnectionKey, of url: ServerURL) -> StateFile.Connection? {
    if let known = memory.connections, memory.url == url { return known[key] }
    memory.stamps = stateFiles.stamps
    memory.url = url
    var found: [ConnectionKey: StateFile.Connection] = [:]
    for entry in stateFiles.read().entries where entry.file.belongs(to: url) {
      for connection in entry.file.connections {
        let key = ConnectionKey(plugin: connection.plugin, id: connection.id)
        if found[key] == nil { found[key] = connection }
      }
    }
    memory.connections = found
    return found[key]
  }

  /// When secrets end, as far as is known; `read` reads it once.
  func lives<Mistake: Error>(
    _ read: () throws(Mistake) -> SecretLives
  ) throws(Mistake) -> SecretLives {
    if let lives { return lives }
    let found = try read()
    lives = found
    return found
  }

  /// Notes connections in the state file of their instance, all in one write.
  ///
  /// - Returns: Why nothing was noted; `nil` when it was.
  func note(_ entries: [StateFile.Connection], of url: ServerURL) -> String? {
    memory.connections = nil
    do throws(StateFileError) {
      return try stateFiles.record(entries, of: url, patience: patience.remaining).note
    } catch {
      if case .file(.locked) = error { patience.exhaust() }
      return error.description
    }
  }

  /// Takes connections out of the state files of their instance.
  ///
  /// - Returns: What is to be said about it.
  func forget(_ keys: [ConnectionKey], of url: ServerURL) -> String? {
    memory.connections = nil
    do throws(StateFileError) {
      return try stateFiles.forget(keys, of: url, patience: patience.remaining).note
    } catch {
      if case .file(.locked) = error { patience.exhaust() }
      return error.description
    }
  }

  /// Keeps when secrets end that are not set now.
  ///
  /// - Returns: Why that is not remembered; `nil` when it is.
  func apply(_ edits: [SecretLedger.Edit]) -> String? {
    guard let secretLedger else { return Self.homeless }
    lives = nil
    do throws(FileError) {
      try secretLedger.apply(edits, patience: patience.remaining)
      return nil
    } catch {
      if case .locked = error { patience.exhaust() }
      return "\(error)"
    }
  }

  /// Reads again what it has read: it may have changed.
  func rereads() { (memory.connections, lives) = (nil, nil) }
}
