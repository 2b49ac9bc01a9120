/// What the commands of a shell declare, in the order help shows them.
///
/// Who reads words needs no more than this: the binder, completion, hints, the redactor and the manual
/// know nothing of what runs a command.
struct SignatureRegistry: Sendable {
  let signatures: [Signature]
  /// The documents' own words, and the command each phrase means.
  let phrases: [(words: [String], command: String)]
  private let byName: [String: Signature]

  init(_ signatures: [Signature]) {
    self.signatures = signatures
    byName = Dictionary(
      signatures.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    phrases = signatures.flatMap { signature in signature.phrases.map { ($0, signature.name) } }
  }

  subscript(name: String) -> Signature? { byName[name] }

  var names: [String] { signatures.map(\.name) }

  /// The commands that are never suggested for a mistyped one.
  var destructive: Set<String> { Set(signatures.filter(\.isDestructive).map(\.name)) }

  /// What fingers type that know other shells, and the command it means at the prompt.
  static let typedWords = [
    "?": "help", "man": "help", "ls": "list", "source": "include", ".": "include",
  ]

  /// Whether a phrase begins with `word`.
  func isPhraseStart(_ word: String) -> Bool { phrases.contains { $0.words.first == word } }
}
