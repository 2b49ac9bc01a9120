import DevLakeKit
import Synchronization

/// Secrets a service has just made for this command: none is lost when DevLake does not take it.
///
/// What a `cmd:` printed, or what came through a pipe, nobody has a second time. With `--keep FILE`
/// it is on the disk before DevLake is asked, and the file goes when DevLake has everything. Without
/// it a person is asked where to.
final class KeptSecrets: Sendable {
  private struct Held {
    var title: String
    var key: ConnectionKey?
    var variable: String
    var secret: Secret
    var isSaved = false
  }

  private let held = Mutex<[Held]>([])
  private let file: KeptFile?
  private let given: ArgumentValue?
  private let path: String
  private let name: String
  /// Whether nothing is to be saved: nobody is asked about it then.
  private let isDryRun: Bool

  typealias Made = (
    connection: Connection, plugin: PluginDescriptor, field: PluginField, secret: Secret
  )

  /// Opens the file of `--keep`, before anything makes a secret.
  init(_ call: Call, _ session: Session) throws(Failure) {
    given = call.option("keep")
    isDryRun = call.flag("dry-run")
    name = given?.text ?? ""
    path = session.secretSources().path(name)
    file = try given.map { [path] (given) throws(Failure) in
      do throws(SecretFileError) {
        return KeptFile(try SecretFile(creatingAt: path, reserving: 65_536))
      } catch {
        throw .invalid(error.description, at: given)
      }
    }
  }

  /// Takes what was made, and writes it down at once.
  ///
  /// - Parameter places: What was given; only a command and standard input make secrets.
  /// - Throws: Where the file cannot take it: nothing is sent then.
  func hold(_ secrets: [Made], from places: [ArgumentValue]) throws(Failure) {
    guard places.contains(where: \.makesSecret) else { return }
    try hold(secrets)
  }

  /// The same for secrets that are known to be made.
  func hold(_ secrets: [Made]) throws(Failure) {
    guard !secrets.isEmpty else { return }
    let new = secrets.map { made in
      Held(
        title: made.connection.key.description,
        key: made.connection.key,
        variable: ConnectionsFile.variable(made.plugin.id, made.connection.name, made.field.name),
        secret: made.secret
      )
    }
    try keep(new)
  }

  /// The same for a connection that is yet to be made.
  func hold(
    _ secret: Secret,
    _ field: PluginField,
    of plugin: PluginDescriptor,
    named name: String
  )
    throws(Failure)
  {
    try keep([
      Held(
        title: "\(plugin.id) \"\(ServerText.line(name))\"",
        variable: ConnectionsFile.variable(plugin.id, name, field.name),
        secret: secret
      )
    ])
  }

  private func keep(_ new: [Held]) throws(Failure) {
    held.withLock { $0 += new }
    guard let file else { return }
    var failure: SecretFileError?
    do throws(SecretFileError) {
      for entry in new { try file.write(Self.line(entry)) }
    } catch {
      failure = error
    }
    guard let failure else { return }
    throw Failure(
      Diagnostic(
        code: .refused,
        message: "nothing was sent: the new secret cannot be kept: \(failure)",
        span: given?.span,
        source: given?.source
      ),
      exitCode: .failure
    )
  }

  /// DevLake has what was made for a connection.
  func noteSaved(_ key: ConnectionKey?, named name: String = "", of plugin: String = "") {
    held.withLock { held in
      for index in held.indices
      where held[index].key.map({ $0 == key })
        ?? (held[index].title == "\(plugin) \"\(ServerText.line(name))\"")
      {
        held[index].isSaved = true
      }
    }
  }

  private static func line(_ held: Held) -> Secret {
    Secret(held.secret.reveal { "\(held.variable)=\(quoted($0))" })
  }

  /// A value as an env file has it.
  private static func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'#\\$`".utf8.contains($0) }
    guard !isPlain else { return value }
    let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n").replacing("$", with: "\\$").replacing("`", with: "\\`")
    return "\"\(escaped)\""
  }

  /// Removes the file where all is saved; else says, or asks, where the rest is.
  func settle(_ session: Session) async -> [String] {
    let left = held.withLock { $0.filter { !$0.isSaved } }
    if given != nil { return settleFile(left) }
    guard !left.isEmpty else { return [] }
    let titles = left.map(\.title).joined(separator: ", ")
    guard session.conversation.canAsk, EndingSignals.pending == nil, !isDryRun else {
      let (noun, pronoun) = left.count == 1 ? ("secret", "this one is") : ("secrets", "these are")
      return [
        "   ⚠️ DevLake has not taken the \(noun) of \(titles): where the command makes a new one each "
          + "time, \(pronoun) lost",
        "   💡 --keep FILE keeps what a command has made",
      ]
    }
    return await ask(for: left, titles, session)
  }

  private func settleFile(_ left: [Held]) -> [String] {
    let path = path
    guard !left.isEmpty else {
      file?.discard()
      return []
    }
    var notes: [String] = []
    let all = held.withLock { $0.count }
    if left.count < all {
      let bytes = left.flatMap { Self.line($0).reveal { Array(($0 + "\n").utf8) } }
      do throws(FileError) {
        try StoredFile(path).replace(with: bytes)
      } catch {
        notes.append("   ⚠️ \(name) also holds secrets that were saved: \(error)")
      }
    }
    return notes + left.map { Self.note($0, name) }
  }

  private static func note(_ held: Held, _ name: String) -> String {
    "   🔑 The new secret of \(held.title) was not saved, and is kept in \(name) as \(held.variable): "
      + "--token env:\(held.variable) --env-file \(name)"
  }

  /// Asks a person for a file; whoever has pressed Ctrl-C is asked, too.
  private func ask(for left: [Held], _ titles: String, _ session: Session) async -> [String] {
    let conversation = session.conversation
    let question =
      "The new secret\(left.count == 1 ? "" : "s") of \(titles) \(left.count == 1 ? "was" : "were") "
      + "not saved. New file to keep \(left.count == 1 ? "it" : "them") in (Enter: lost): "
    while true {
      // A task of its own: the one that was cancelled cannot ask.
      let answer = await Task { () async -> String? in try? await conversation.ask(question) }.value
      guard let answer, !answer.isEmpty else {
        return ["   ⚠️ the new secret\(left.count == 1 ? "" : "s") of \(titles): lost"]
      }
      do throws(SecretFileError) {
        var file = try SecretFile(creatingAt: session.secretSources().path(answer))
        for held in left { try file.write(Self.line(held)) }
        return left.map { Self.note($0, answer) }
      } catch {
        conversation.note("   \(error)")
      }
    }
  }
}

/// The file of `--keep`, which goes with the last reference unless something is needed that it holds.
private final class KeptFile: Sendable {
  private let file: Mutex<SecretFile>

  init(_ file: consuming sending SecretFile) { self.file = Mutex(file) }

  func write(_ secret: Secret) throws(SecretFileError) {
    try file.withLock { (file) throws(SecretFileError) in try file.write(secret) }
  }

  func discard() { file.withLock { $0.discard() } }
}

extension ArgumentValue {
  /// Whether what stands there gives a secret only once: a command, or standard input.
  var makesSecret: Bool {
    let text = text
    let reference =
      text.hasPrefix("cmd:") || text == "-"
      ? text : String(text.drop { $0 != "=" }.dropFirst())
    return reference.hasPrefix("cmd:") || reference == "-"
  }
}

extension Signature.Option {
  static let keep = Signature.Option(
    name: "keep",
    kind: .file,
    placeholder: "FILE",
    help: "new file for a secret a command has made and DevLake did not take",
    effect: .makesFile
  )
}
