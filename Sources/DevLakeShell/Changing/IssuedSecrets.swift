import DevLakeKit
import Synchronization

/// The file for secrets DevLake gives only once, with the connection they belong to.
///
/// It is there before the first of them is given, and each is on the disk before the next write.
final class IssuedSecrets: Sendable {
  private struct State: ~Copyable {
    var file: SecretFile
    var notes: [String] = []
    var failures: [ConnectionKey: Failure] = [:]
  }

  private let state: Mutex<State>
  /// What it was named.
  private let name: String
  /// Whether each line is `NAME=SECRET`, because several are expected.
  private let namesThem: Bool

  /// Opens the file where a secret is to be expected.
  ///
  /// - Returns: `nil` where none is, or nobody has named a file.
  static func file(
    for changes: [Change],
    _ given: ArgumentValue?,
    namesThem: Bool,
    _ session: Session
  ) throws(Failure) -> IssuedSecrets? {
    guard let given,
      changes.contains(where: { $0.action == .create && !$0.plugin.issuedSecret.isEmpty })
    else { return nil }
    do throws(SecretFileError) {
      return IssuedSecrets(
        try SecretFile(creatingAt: session.secretSources().path(given.text)),
        given.text,
        namesThem
      )
    } catch {
      throw .invalid(error.description, at: given)
    }
  }

  private init(_ file: consuming sending SecretFile, _ name: String, _ namesThem: Bool) {
    state = Mutex(State(file: file))
    self.name = name
    self.namesThem = namesThem
  }

  /// Keeps what came with a new connection.
  func keep(_ change: Change, _ outcome: ChangeOutcome) {
    guard change.action == .create, outcome.isWritten, !change.plugin.issuedSecret.isEmpty,
      let connection = outcome.connection
    else { return }
    let key = connection.key
    state.withLock { state in
      guard let secret = connection.issuedSecret(at: change.plugin.issuedSecret) else {
        state.failures[key] = Failure(
          Diagnostic(
            code: .refused,
            message: "\(key) was created, but DevLake returned no key",
            help: "delete it and create it again"
          ),
          exitCode: .failure
        )
        return
      }
      let variable = ConnectionsFile.variable(change.plugin.id, change.name, "apiKey")
      let line = namesThem ? Secret(secret.reveal { "\(variable)=\($0)" }) : secret
      do throws(SecretFileError) {
        try state.file.write(line)
        state.notes.append(
          "   🔑 Key of \(key) written to \(name)" + (namesThem ? " as \(variable)" : "")
        )
      } catch {
        state.failures[key] = Failure(
          Diagnostic(
            code: .refused,
            message: "\(key) was created, but its key is lost: \(error)",
            help: "delete it and create it again, with another --secret-file"
          ),
          exitCode: .failure
        )
      }
    }
  }

  /// What is said of those that were kept.
  var notes: [String] { state.withLock { $0.notes } }

  /// Why the secret of a connection was not kept; `nil` when it was.
  func failure(of key: ConnectionKey?) -> Failure? {
    key.flatMap { key in state.withLock { $0.failures[key] } }
  }
}
