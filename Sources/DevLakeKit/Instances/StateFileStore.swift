/// The state files of one folder: read for discovery, written for the instance they belong to.
///
/// `.devlake-azure.json` comes before `.devlake-local.json`, for reading and for writing.
public struct StateFileStore: Sendable {
  /// The names, in the order they are looked at.
  public static let fileNames = [".devlake-azure.json", localName]
  static let localName = ".devlake-local.json"

  /// A state file that was read.
  public struct Entry: Sendable, Equatable {
    /// Where it is, in the folder as it was named.
    public let path: String
    /// What it says.
    public internal(set) var file: StateFile
  }

  /// What a change came to.
  public enum Outcome: Sendable, Equatable {
    /// The file was written.
    case written(path: String)
    /// There was nothing to change.
    case unchanged
    /// Nothing was written, because the file belongs to another instance (`nil`: it names none).
    case foreign(path: String, backend: String?)

    /// What to tell the person; `nil` when there is nothing to say.
    public var note: String? {
      guard case .foreign(let path, let backend) = self else { return nil }
      let owner = backend.map { "the DevLake at \($0)" } ?? "an unnamed DevLake"
      return "'\(path)' belongs to \(owner), so nothing was recorded"
    }
  }

  let folder: String
  let now: (@Sendable () -> Int)?

  /// Creates a store.
  ///
  /// - Parameters:
  ///   - folder: The folder of the files; the shell's working directory.
  ///   - now: The time in seconds since 1970; the system's clock by default.
  public init(folder: String, now: (@Sendable () -> Int)? = nil) {
    self.folder = folder
    self.now = now
  }

  /// Reads the files that are there, azure first; a broken one is among `problems`.
  public func read() -> (entries: [Entry], problems: [StateFileError]) {
    var entries: [Entry] = []
    var problems: [StateFileError] = []
    for name in Self.fileNames {
      do throws(StateFileError) {
        if let entry = try readFile(name) { entries.append(entry) }
      } catch {
        problems.append(error)
      }
    }
    return (entries, problems)
  }

  /// What the folder remembers of a connection of the DevLake at `url`.
  public func connection(
    plugin: String,
    id: Int,
    of url: ServerURL
  ) -> StateFile.Connection? {
    let known = read().entries.filter { $0.file.belongs(to: url) }
    return known.lazy.compactMap { $0.file.connection(plugin: plugin, id: id) }.first
  }

  /// Remembers a connection of the DevLake at `url`.
  ///
  /// - Throws: ``StateFileError``; the command that called has done its work all the same.
  public func record(
    _ connection: StateFile.Connection,
    of url: ServerURL
  ) throws(StateFileError) -> Outcome {
    try record([connection], of: url)
  }

  /// Remembers several connections of the DevLake at `url`: each file is read and written once.
  ///
  /// An `organization` or `enterprise` of `nil` leaves a remembered one alone, an empty one removes
  /// it; a connection that was just created passes empty ones, as DevLake may use an id again.
  ///
  /// - Throws: ``StateFileError``; the command that called has done its work all the same.
  public func record(
    _ connections: [StateFile.Connection],
    of url: ServerURL,
    patience: Duration = .seconds(10)
  ) throws(StateFileError) -> Outcome {
    guard let first = connections.first else { return .unchanged }
    // Nothing is locked, and no folder needs to be writable, where nothing may be written.
    if case .foreign(let outcome) = try target(for: first, of: url) { return outcome }
    return try locked(patience: patience) { () throws(StateFileError) in
      var own = read().entries.filter { $0.file.belongs(to: url) }
      if own.isEmpty {
        switch try target(for: first, of: url) {
        case .foreign(let outcome): return outcome
        case .file(let entry): own = [entry]
        }
      }
      // Each goes to the file that knows it, else to the first.
      let known = own.map { Set($0.file.connections.map(StateFile.Connection.Key.init)) }
      var groups = own.map { _ in [StateFile.Connection]() }
      for connection in connections {
        let place = known.firstIndex { $0.contains(.init(connection)) } ?? 0
        groups[place].append(connection)
      }
      var outcome = Outcome.unchanged
      for (index, group) in groups.enumerated() where !group.isEmpty {
        own[index].file.record(group, at: timestamp)
        try write(own[index])
        outcome = .written(path: own[index].path)
      }
      return outcome
    }
  }

  /// Forgets a connection in every file of the DevLake at `url`.
  ///
  /// - Throws: ``StateFileError``; the command that called has done its work all the same.
  public func forget(
    plugin: String,
    id: Int,
    of url: ServerURL
  ) throws(StateFileError) -> Outcome {
    try forget([ConnectionKey(plugin: plugin, id: id)], of: url)
  }

  /// Forgets several connections in every file of the DevLake at `url`.
  ///
  /// - Throws: ``StateFileError``; the command that called has done its work all the same.
  public func forget(
    _ keys: [ConnectionKey],
    of url: ServerURL,
    patience: Duration = .seconds(10)
  ) throws(StateFileError) -> Outcome {
    let wanted = Set(keys)
    func holders() -> [Entry] {
      read().entries.filter { entry in
        entry.file.belongs(to: url)
          && entry.file.connections.contains {
            wanted.contains(ConnectionKey(plugin: $0.plugin, id: $0.id))
          }
      }
    }
    guard !holders().isEmpty else { return .unchanged }
    return try locked(patience: patience) { () throws(StateFileError) in
      var outcome = Outcome.unchanged
      for var entry in holders() {
        entry.file.forget(wanted)
        try write(entry)
        outcome = .written(path: entry.path)
      }
      return outcome
    }
  }
}
