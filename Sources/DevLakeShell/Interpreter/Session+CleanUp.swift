import DevLakeKit

extension Session {
  /// Takes the keys that served out of their env files; what cannot be done is a warning.
  func cleanUpEnvFiles() {
    for (path, keys) in usedCredentials.envFileKeys {
      do throws(EnvFileError) {
        switch try EnvFile.remove(keys: Array(keys), fromFileAt: path) {
        case .deleted: conversation.note("   \(path) had no other key and was deleted")
        case .rewritten:
          conversation.note("   \(keys.sorted().joined(separator: ", ")) taken out of \(path)")
        case .unchanged: break
        }
      } catch {
        conversation.warn(error.description)
      }
    }
    usedCredentials.envFileKeys = [:]
  }

  /// Leaves the keys where they are: what they served for has failed, and is tried again with them.
  func keepEnvFiles() { usedCredentials.envFileKeys = [:] }
}
