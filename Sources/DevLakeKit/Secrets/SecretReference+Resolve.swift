#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A secret, and what the person should know about the place it came from.
package struct ResolvedSecret: Sendable, Equatable {
  /// The secret itself.
  package let secret: Secret
  /// What to say on standard error; empty most of the time.
  package let warnings: [SecretWarning]

  /// Pairs a secret with its warnings.
  package init(secret: Secret, warnings: [SecretWarning] = []) {
    self.secret = secret
    self.warnings = warnings
  }
}

/// Something to say about a place with secrets; `description` is one line for a person.
public enum SecretWarning: Sendable, Equatable, CustomStringConvertible {
  /// The file's mode lets the group or everyone read it.
  case readableByOthers(path: String)

  /// What is wrong and what to do, in one line.
  public var description: String {
    switch self {
    case .readableByOthers(let path):
      "'\(path)' can be read by others; run: chmod 600 '\(path)'"
    }
  }
}

extension SecretReference {
  /// Fetches the secret from its place.
  ///
  /// - Parameters:
  ///   - sources: The world to look in.
  ///   - allowsMultipleLines: Whether the value may have line breaks; only a PEM key has.
  ///   - question: What to ask for `prompt`.
  ///   - envFilePath: The env file that was looked into already, for the message.
  /// - Throws: ``SecretReferenceError``, which never holds any of the text that was found.
  package func resolve(
    in sources: SecretSources,
    allowsMultipleLines: Bool = false,
    question: String = "Secret: ",
    envFilePath: String? = nil
  ) async throws(SecretReferenceError) -> ResolvedSecret {
    func text(_ place: String) -> SecretText {
      SecretText(place: place, allowsMultipleLines: allowsMultipleLines)
    }
    switch place {
    case .environment(let name):
      guard let value = sources.environment[name] else {
        throw .variableUnset(name, envFile: envFilePath)
      }
      return .init(secret: try text("environment variable '\(name)'").secret(value))
    case .file(let path):
      return try await Self.read(sources.path(path), sources, text("the file '\(path)'"))
    case .command(let command):
      guard !sources.isRestricted else { throw .commandRestricted }
      let output = try await SecretCommand(text: command, sources: sources).run()
      return .init(secret: try text("the output of cmd:").secret(fromLines: output))
    case .standardInput:
      guard let read = sources.readStandardInput else { throw .standardInputTaken }
      let bytes = try await read(allowsMultipleLines) ?? []
      return .init(secret: try text("standard input").secret(fromLines: bytes))
    case .prompt:
      guard let ask = sources.ask else { throw .nobodyToAsk }
      let answer = text("the answer")
      guard let secret = try await ask(question) else { throw .unusable(.empty, answer.place) }
      return .init(
        secret: try secret.reveal { value throws(SecretReferenceError) in
          try answer.secret(value)
        }
      )
    case .text(let secret), .bare(let secret):
      return .init(
        secret: try secret.reveal { value throws(SecretReferenceError) in
          try text("the secret").secret(value)
        }
      )
    }
  }

  /// Reads a file, or a pipe such as the shell's `<(command)`, until its writer is done.
  private static func read(
    _ path: String,
    _ sources: SecretSources,
    _ text: SecretText
  ) async throws(SecretReferenceError) -> ResolvedSecret {
    let file = try open(path)
    let isReadableByOthers = file.isReadableByOthers
    let stream = SecretStream(place: text.place, patience: sources.commandDeadline)
    let secret = try text.secret(fromLines: try await stream.readAll(file))
    return ResolvedSecret(
      secret: secret,
      warnings: isReadableByOthers ? [.readableByOthers(path: path)] : []
    )
  }

  private static func open(_ path: String) throws(SecretReferenceError) -> OpenFile {
    do throws(FileError) {
      let file = try OpenFile(path, O_RDONLY)
      let status = try file.status()
      guard status.isRegularFile || status.isStream else {
        throw .notAFile(path: path, kind: status.kind)
      }
      return file
    } catch {
      throw .file(error)
    }
  }
}
