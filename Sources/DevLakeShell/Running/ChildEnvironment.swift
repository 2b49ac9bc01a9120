import DevLakeKit
import ShellLanguage

/// The variables a shell command gets.
struct ChildEnvironment {
  let session: Session
  /// The parameters of the definition that runs.
  var locals: Locals?

  /// The most a variable may have, its name, `=` and the byte that ends it included: the system
  /// refuses to start a child with a longer one (MAX_ARG_STRLEN).
  private static let limit = 131_072

  /// The environment without what served as a secret, and the variables that are one word of text.
  ///
  /// - Throws: When the text uses a variable that cannot be handed over: it would be silently empty.
  func variables(
    for text: Located<String>,
    in source: SourceText
  ) throws(Failure) -> [String: String] {
    var environment = inherited
    let wanted = ShellTextVariables(in: text.value)
    for (name, value) in session.variables.values.merging(
      locals?.values ?? [:],
      uniquingKeysWith: { $1 }
    ) {
      switch value {
      case .secret: environment[name] = nil
      case .data(.null): continue
      case .data(.string), .data(.number), .data(.bool):
        let word = session.heldSecrets.hiding(value.text ?? "")
        if session.redactor.knows(word) {
          environment[name] = nil
          continue
        }
        guard let reason = Self.obstacle(name, word) else {
          environment[name] = word
          continue
        }
        guard wanted.names(name) else { continue }
        throw failure(name, reason)
      case .data(let data):
        guard wanted.names(name) else { continue }
        throw failure(name, data.array == nil ? "it is a record" : "it is a list")
      }
    }
    return environment

    func failure(_ name: String, _ reason: String) -> Failure {
      Failure(
        Diagnostic(
          code: .invalid,
          message: "'$\(name)' cannot be handed to a shell command: \(reason)",
          span: text.span,
          source: source,
          help: "hand it over as input: echo $\(name) | COMMAND, or write it to a file"
        ),
        exitCode: .usage
      )
    }
  }

  /// What the shell was started with, without what has served as a secret.
  ///
  /// It is known by its name or, as `--token ${env.X}` hides the name, by its value. DevLake's address
  /// loses its login.
  var inherited: [String: String] {
    var environment = session.world.environment.filter { name, value in
      !session.usedCredentials.variables.contains(name) && !session.redactor.knows(value)
    }
    if let url = environment["DEVLAKE_URL"] { environment["DEVLAKE_URL"] = Self.withoutLogin(url) }
    return environment
  }

  private static func obstacle(_ name: String, _ text: String) -> String? {
    if text.utf8.contains(0) { return "it has a NUL in it" }
    let room = limit - name.utf8.count - 2
    return text.utf8.count > room
      ? "it has \(text.utf8.count) bytes, and the system takes \(room)" : nil
  }

  private static func withoutLogin(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return url }
    return String(url[..<scheme.upperBound] + url[url.index(after: at)...])
  }
}
