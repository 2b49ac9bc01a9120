extension EnvFile {
  /// What became of the file when keys were removed.
  public enum Removal: Sendable, Equatable {
    /// None of the keys stood in it, or there is no file.
    case unchanged
    /// The lines are gone, the rest stands as it was.
    case rewritten
    /// No key was left, so the file is gone.
    case deleted
  }

  /// Deletes every line that sets one of `keys`, and the file when no key is left.
  ///
  /// The file is read again under a lock, so that lines written meanwhile are kept. All other lines
  /// stay byte for byte, and the mode, the owner and a symbolic link stay too. Comments and blank
  /// lines do not keep a file.
  ///
  /// - Throws: ``EnvFileError`` when the file cannot be changed; it is then as it was.
  @discardableResult
  public static func remove(
    keys: some Sequence<String>,
    fromFileAt path: String
  ) throws(EnvFileError) -> Removal {
    let keys = Set(keys)
    // Nothing is locked, and no folder needs to be writable, where nothing is to be done.
    guard let file = try load(path), file.text.sets(oneOf: keys) else { return .unchanged }
    return try wrap { () throws(FileError) in
      let stored = StoredFile(path)
      let lock = try FileLock.acquire(folder: stored.folder)
      defer { lock.release() }
      guard let bytes = try stored.read()?.bytes, let text = EnvFileText(bytes) else {
        return .unchanged
      }
      let rest = text.removing(keys)
      if rest.isSpent {
        try stored.delete()
        return .deleted
      }
      try stored.replace(with: rest.bytes)
      return .rewritten
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
