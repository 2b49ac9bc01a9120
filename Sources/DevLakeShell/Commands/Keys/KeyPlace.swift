import DevLakeKit

/// Where what a key says goes: a new file, or the person's terminal, once.
struct KeyPlace: ~Copyable {
  private var file: SecretFile?
  private let name: String?
  private let conversation: any Conversation

  /// Opens the place, before a secret is asked for.
  init(_ call: Call, _ session: Session) throws(Failure) {
    conversation = session.conversation
    guard let given = call.option("secret-file") else {
      guard session.conversation.canAsk else {
        throw .unasked(
          "DevLake shows a key only once, and there is no terminal to show it on",
          flags: ["--secret-file FILE"]
        )
      }
      file = nil
      name = nil
      return
    }
    do throws(SecretFileError) {
      file = try SecretFile(creatingAt: session.secretSources().path(given.text))
      name = given.text
    } catch {
      throw .invalid(error.description, at: given)
    }
  }

  mutating func keep(_ secret: Secret, of key: String) throws(Failure) {
    guard file != nil else {
      guard conversation.showOnce(secret, as: "Key '\(ServerText.line(key))', shown only now:")
      else {
        throw Failure(
          Diagnostic(code: .refused, message: "the terminal cannot be written to"),
          exitCode: .failure
        )
      }
      return
    }
    do throws(SecretFileError) {
      try file?.write(secret)
    } catch {
      throw Failure(Diagnostic(code: .refused, message: error.description), exitCode: .failure)
    }
  }

  func note(_ key: String) -> String {
    name.map { "   🔑 Key '\(ServerText.line(key))' written to \($0)" }
      ?? "   🔑 Key '\(ServerText.line(key))' shown on the terminal, once"
  }
}
