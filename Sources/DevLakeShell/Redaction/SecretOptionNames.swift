import DevLakeKit

/// The names of the options that take a secret, mistyped ones too.
///
/// What the signatures say is gathered once: a line may have a hundred thousand words.
struct SecretOptionNames {
  private let kinds: [String: Set<Kind>]
  private let secret: [String]
  private let named: [String]
  private let commands: [String: Set<String>]
  private let commandNames: Set<String>
  /// More bytes than any name that is near to one of these has.
  private let longest: Int

  private enum Kind { case secret, numbered, named, other }

  /// The options that take NAME=REF, or NUMBER=REF.
  private static let pairs: Set<String> = ["secret", "replace"]

  init(_ registry: SignatureRegistry) {
    var kinds: [String: Set<Kind>] = [:]
    var commands: [String: Set<String>] = [:]
    for signature in registry.signatures + [.program] {
      for option in signature.allOptions {
        let kind: Kind =
          switch option.kind {
          case .secret: .secret
          case .numberedSecret: .numbered
          case .namedSecret: .named
          default: .other
          }
        kinds[option.name, default: []].insert(kind)
        if kind == .secret { commands[option.name, default: []].insert(signature.name) }
      }
    }
    self.kinds = kinds
    self.commands = commands
    commandNames = Set(registry.signatures.map(\.name))
    secret = kinds.filter { !$0.value.isDisjoint(with: [.secret, .numbered]) }.keys.sorted()
    named = kinds.filter { $0.value.contains(.named) }.keys.sorted()
    // Two letters more, of four bytes each.
    longest = ((secret + named).map(\.utf8.count).max() ?? 0) * 4 + 8
  }

  /// Whether a command has that name.
  func isCommand(_ word: String) -> Bool { commandNames.contains(word) }

  /// The commands that have a secret option of that name.
  func commands(with name: String) -> Set<String> { commands[name] ?? [] }

  /// Whether an option of that name takes `NAME=REF`, mistyped or not.
  func takesNamedSecret(_ name: String) -> Bool {
    if Self.pairs.contains(name) || named.contains(name) { return true }
    return isNear(name, named)
  }

  /// Whether an option of that name takes a secret: it is one, begins one, or is a mistyped one.
  func isSecret(_ name: String) -> Bool {
    if let kinds = kinds[name] { return kinds.contains(.secret) }
    if SecretNames.isSecret(name) { return true }
    if name.count > 2, secret.contains(where: { $0.hasPrefix(name) }) { return true }
    return isNear(name, secret)
  }

  private func isNear(_ name: String, _ names: [String]) -> Bool {
    name.utf8.count <= longest && Suggestion.closest(to: name, among: names) != nil
  }
}
