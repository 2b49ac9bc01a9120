/// Where a secret stands, as a person writes it in options and in YAML files.
///
/// `env:NAME` · `file:PATH` · `cmd:COMMAND` · `-` · `prompt` · `text:SECRET` · anything else is the
/// secret itself. Reading it touches nothing; ``SecretResolver`` follows it.
public struct SecretReference: Sendable, Equatable {
  /// The kinds of place.
  public enum Place: Sendable, Equatable {
    /// An environment variable.
    case environment(name: String)
    /// A file, as written.
    case file(path: String)
    /// A command for `/bin/sh`; wrapped, because people write secrets into commands.
    case command(Secret)
    /// Standard input.
    case standardInput
    /// A masked question.
    case prompt
    /// `text:SECRET`, spelled out on purpose.
    case text(Secret)
    /// The secret itself, without a prefix.
    case bare(Secret)
  }

  /// Where the secret stands.
  public let place: Place

  /// Reads `text`.
  ///
  /// - Throws: ``SecretReferenceError/incomplete(_:)`` for a prefix with nothing after it, and
  ///   ``SecretReferenceError/unusable(_:_:)`` for a secret spelled out that is empty, or is what
  ///   history and lists show in a secret's place.
  public init(_ text: String) throws(SecretReferenceError) {
    func rest(_ prefix: String) -> String? {
      text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
    if let name = rest("env:") {
      guard !name.isEmpty else { throw .incomplete("env:NAME") }
      place = .environment(name: name)
    } else if let path = rest("file:") {
      guard !path.isEmpty else { throw .incomplete("file:PATH") }
      place = .file(path: path)
    } else if let command = rest("cmd:") {
      guard !command.allSatisfy(\.isWhitespace) else { throw .incomplete("cmd:COMMAND") }
      place = .command(Secret(command))
    } else if let secret = rest("text:") {
      guard !secret.isEmpty else { throw .incomplete("text:SECRET") }
      place = .text(Secret(secret))
    } else if text == "-" {
      place = .standardInput
    } else if text == "prompt" {
      place = .prompt
    } else {
      guard !text.isEmpty else { throw .unusable(.empty, "the secret") }
      // From the history or a list: saved, it would end a connection that works.
      guard text != "<redacted>", text != Secret.placeholder else {
        throw .unusable(.placeholder, "'\(text)'")
      }
      place = .bare(Secret(text))
    }
  }

  /// A secret that was found already.
  public init(holding secret: Secret) { place = .text(secret) }

  /// Whether the reference holds the secret itself, so that `ps` shows it on a command line.
  public var isSpelledOut: Bool {
    switch place {
    case .text, .bare: true
    case .environment, .file, .command, .standardInput, .prompt: false
    }
  }

  /// The environment variable that holds the secret, which children must not get.
  public var variable: String? {
    if case .environment(let name) = place { name } else { nil }
  }
}

extension SecretReference: CustomStringConvertible, CustomDebugStringConvertible {
  /// The reference without anything secret: `env:NAME`, `file:PATH`, `cmd:***`, `***`.
  public var description: String {
    switch place {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    case .command(let text): "cmd:\(text)"
    case .standardInput: "-"
    case .prompt: "prompt"
    case .text(let secret): "text:\(secret)"
    case .bare(let secret): "\(secret)"
    }
  }

  /// The same as `description`.
  public var debugDescription: String { description }
}
