/// A file of `KEY=VALUE` lines, `.devlake.env`.
///
/// `export KEY=VALUE`, quotes, comments, CRLF and a byte order mark are understood; of a repeated key
/// the last line counts, and an empty value counts as none. Keys that were used are deleted by
/// ``remove(_:fromFileAt:)``.
public struct EnvFile: Sendable {
  /// The file as it was named.
  public let path: String
  /// What to say about the file itself, such as a mode that lets others read it.
  public let warnings: [SecretWarning]
  let text: EnvFileText
  /// What each key is set to: a file of a thousand keys is asked for each of them.
  private let values: [String: String]

  /// Reads bytes that came from `path`.
  ///
  /// - Throws: ``EnvFileError/notText(path:)`` when they are not UTF-8.
  public init(
    parsing bytes: [UInt8],
    path: String,
    warnings: [SecretWarning] = []
  ) throws(EnvFileError) {
    guard let text = EnvFileText(bytes) else { throw .notText(path: path) }
    self.text = text
    values = Dictionary(text.values.map { ($0.key, $0.value) }) { _, last in last }
    self.path = path
    self.warnings = warnings
  }

  /// Reads the file at `path`; `nil` when there is none, as there need not be a default file.
  public static func load(_ path: String) throws(EnvFileError) -> EnvFile? {
    guard let contents = try wrap({ () throws(FileError) in try StoredFile(path).readTrusted() })
    else { return nil }
    return try EnvFile(
      parsing: contents.bytes,
      path: path,
      warnings: contents.isReadableByOthers ? [.readableByOthers(path: path)] : []
    )
  }

  /// Reads the file a person has named, which must exist.
  public static func load(named path: String) throws(EnvFileError) -> EnvFile {
    guard let file = try load(path) else { throw .file(.missing(path: path)) }
    return file
  }

  /// The keys that have a value, in the order of the file.
  public var keys: [String] { text.values.map(\.key) }

  /// The value of `key`; `nil` when the file has none or an empty one.
  public func value(for key: String) -> Secret? {
    values[key].map { Secret($0) }
  }
}

extension EnvFile: CustomStringConvertible, CustomReflectable {
  /// The file's name; never what is in it.
  public var description: String { "env file '\(path)'" }
  /// A mirror without children, so that `dump` shows no line.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why an env file could not be read or changed; `description` is one line for a person.
@nonexhaustive
public enum EnvFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file system refused.
  case file(FileError)
  /// The bytes are not UTF-8.
  case notText(path: String)

  /// What happened, in one line.
  public var description: String {
    switch self {
    case .file(.missing(let path)): "no env file '\(path)'"
    case .file(let error): "env file: \(error)"
    case .notText(let path): "env file '\(path)' is not UTF-8 text; save it as UTF-8"
    }
  }
}
