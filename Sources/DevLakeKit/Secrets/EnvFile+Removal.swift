extension EnvFile {
  /// What became of the file when keys were removed.
  public struct Removal: Sendable, Equatable {
    /// What became of it.
    public enum Outcome: Sendable, Equatable {
      /// Nothing was to be removed, or there is no file.
      case unchanged
      /// The lines are gone, the rest stands as it was.
      case rewritten
      /// No key was left, so the file is gone.
      case deleted
    }

    /// What became of it.
    public var outcome: Outcome
    /// The keys whose lines are gone, by name.
    public var removed: [String]
    /// The keys that have another value than the one that served, and were left; by name.
    public var kept: [String]

    /// Nothing was removed, unless told otherwise.
    public init(outcome: Outcome = .unchanged, removed: [String] = [], kept: [String] = []) {
      self.outcome = outcome
      self.removed = removed
      self.kept = kept
    }
  }

  /// Deletes every line that sets a key to the secret that served, and the file when no key is left.
  ///
  /// The file is read again under a lock, so that lines written in the meantime are kept: a key whose value
  /// is another one by now, from a vault's agent or a person, stays. All other lines stay byte for
  /// byte, and the mode, the owner and a symbolic link stay too. Comments and blank lines do not keep
  /// a file.
  ///
  /// - Parameters:
  ///   - served: The value of each key as it was used.
  ///   - path: The env file.
  /// - Throws: ``EnvFileError`` when the file cannot be changed; it is then as it was.
  @discardableResult
  public static func remove(
    _ served: [String: Secret],
    fromFileAt path: String
  ) throws(EnvFileError) -> Removal {
    // Nothing is locked, and no folder needs to be writable, where nothing is to be done.
    guard let file = try load(path), file.text.sets(oneOf: Set(served.keys)) else {
      return Removal()
    }
    return try wrap { () throws(FileError) in
      let stored = StoredFile(path)
      let lock = try FileLock.acquire(folder: stored.folder)
      defer { lock.release() }
      guard let bytes = try stored.read()?.bytes, let text = EnvFileText(bytes) else {
        return Removal()
      }
      var removal = Removal()
      for key in served.keys.sorted() where text.sets(oneOf: [key]) {
        let now = text.values.last { $0.key == key }.map { Secret($0.value) }
        if now == served[key] { removal.removed.append(key) } else { removal.kept.append(key) }
      }
      guard !removal.removed.isEmpty else { return removal }
      let rest = text.removing(Set(removal.removed))
      if rest.isSpent {
        try stored.delete()
        removal.outcome = .deleted
      } else {
        try stored.replace(with: rest.bytes)
        removal.outcome = .rewritten
      }
      return removal
    }
  }

  /// Runs `body` and makes its error one of ours.
  static func wrap<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(EnvFileError) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}
