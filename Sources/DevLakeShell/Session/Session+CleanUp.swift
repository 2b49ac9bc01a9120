import DevLakeKit

extension Session {
  /// Takes the keys that served out of their env files; what cannot be done is a warning.
  ///
  /// A restricted shell changes no file that a word of a command names.
  func cleanUpEnvFiles() {
    if options.isRestricted { return keepEnvFiles() }
    for (path, served) in usedCredentials.envFileKeys {
      do throws(EnvFileError) {
        let removal = try EnvFile.remove(served, fromFileAt: path)
        switch removal.outcome {
        case .deleted: conversation.note("   \(path) had no other key and was deleted")
        case .rewritten:
          conversation.note("   \(removal.removed.joined(separator: ", ")) removed from \(path)")
        case .unchanged: break
        }
        if !removal.kept.isEmpty {
          conversation.note(
            "   \(removal.kept.joined(separator: ", ")) in \(path) now has another value and was kept"
          )
        }
      } catch {
        conversation.warn(error.description)
      }
    }
    keepEnvFiles()
  }
}
