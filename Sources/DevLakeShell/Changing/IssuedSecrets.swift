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
    /// What could not be written, with what it is called.
    var unkept: [(key: ConnectionKey, variable: String, line: Secret)] = []
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
        state.unkept.append((key, variable, line))
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

  /// Asks a person for another file for what could not be written: DevLake never tells it again.
  func rescue(by session: Session) async {
    let lost = state.withLock { $0.unkept }
    guard !lost.isEmpty, session.conversation.canAsk else { return }
    let conversation = session.conversation
    let keys = lost.map(\.key.description).joined(separator: ", ")
    let question = "The key of \(keys) could not be written to \(name). Another new file: "
    while true {
      // A task of its own: the one that was cancelled cannot ask.
      let answer = await Task { () async -> String? in try? await conversation.ask(question) }.value
      guard let answer, !answer.isEmpty else { return }
      do throws(SecretFileError) {
        var file = try SecretFile(creatingAt: session.secretSources().path(answer))
        for entry in lost { try file.write(entry.line) }
      } catch {
        conversation.note("   \(error)")
        continue
      }
      return state.withLock { state in
        for entry in lost {
          state.failures[entry.key] = nil
          state.notes.append("   🔑 Key of \(entry.key) written to \(answer)")
        }
        state.unkept = []
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
