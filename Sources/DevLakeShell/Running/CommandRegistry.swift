/// The commands a shell can run.
struct CommandRegistry: Sendable {
  let commands: [any Command]
  /// What they declare.
  let signatures: SignatureRegistry
  private let byName: [String: any Command]

  init(commands: [any Command]) {
    self.commands = commands
    signatures = SignatureRegistry(commands.map(\.signature))
    byName = Dictionary(
      commands.map { ($0.signature.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  subscript(name: String) -> (any Command)? { byName[name] }

  var names: [String] { signatures.names }
}
