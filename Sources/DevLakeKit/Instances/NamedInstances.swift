/// The DevLakes a person has named: `$XDG_CONFIG_HOME/devlake-shell/instances.yaml`.
///
///     staging:
///       url: https://devlake.staging.example/api
///       apiKey: env:STAGING_KEY
///     lab: {url: "http://lab:8080"}
public struct NamedInstances: Sendable {
  /// In the file's order.
  public internal(set) var all: [NamedInstance]
  /// The file; paths in it start at its folder.
  public let path: String
  /// Whether there is such a file.
  public let exists: Bool
  /// Whether others on this machine can read it.
  public let isReadableByOthers: Bool

  /// Reads the file; that there is none is no error.
  ///
  /// - Throws: ``NamedInstancesError``.
  public init(readingFileAt path: String) throws(NamedInstancesError) {
    self.path = path
    let contents: StoredFile.Contents?
    do throws(FileError) {
      contents = try StoredFile(path).readTrusted()
    } catch {
      throw .file(error)
    }
    exists = contents != nil
    isReadableByOthers = contents?.isReadableByOthers == true
    all = try Self.entries(of: String(decoding: contents?.bytes ?? [], as: UTF8.self), path)
  }

  /// The entries of a file's text.
  static func entries(
    of text: String,
    _ path: String
  ) throws(NamedInstancesError) -> [NamedInstance] {
    let value: JSONValue
    do throws(YAMLMistake) {
      value = try YAML.parse(text)
    } catch {
      throw .syntax(path: path, error)
    }
    guard value.isNull || value.object != nil else {
      throw .fault(path: path, "it is not a mapping of names: 'NAME: {url: …}'")
    }
    var all: [NamedInstance] = []
    for member in value.object?.members ?? [] {
      guard Self.isName(member.key) else {
        throw .fault(
          path: path,
          "'\(member.key)' is not a valid name: use letters, digits, '.', '-' and '_'"
        )
      }
      do throws(NamedInstanceFault) {
        all.append(try NamedInstance(member.key, member.value))
      } catch {
        throw .fault(path: path, error.description)
      }
    }
    return all
  }

  /// The instance of that name.
  public subscript(name: String) -> NamedInstance? { all.first { $0.name == name } }

  /// Whether one of them is the DevLake at `url`.
  public func contains(_ url: ServerURL) -> Bool {
    all.contains { $0.url.isSameInstance(as: url) }
  }

  /// The entries whose DevLake is the one at `url`, however it was named.
  public func entries(at url: ServerURL) -> [NamedInstance] {
    all.filter { $0.url.isSameInstance(as: url) }
  }

  /// The read-only instance a request's URL belongs to; `nil`: none.
  func readOnlyName(for url: String) -> String? {
    guard let (server, target) = ServerURL.parts(ofRequest: url) else { return nil }
    return all.first { $0.isReadOnly && $0.url.covers(server, target) }?.name
  }

  /// Whether an entry for the DevLake at `url`, of whatever name, wants every change in the audit log.
  public func requiresAudit(at url: ServerURL) -> Bool {
    all.contains { $0.auditRequired && $0.url.isSameInstance(as: url) }
  }

  /// Whether a text can be a name, and so is not a URL.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
      }
  }
}

/// Why the file of named instances cannot be used.
@nonexhaustive
public enum NamedInstancesError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It cannot be read.
  case file(FileError)
  /// It is not YAML.
  case syntax(path: String, YAMLMistake)
  /// What is there is not what it should be.
  case fault(path: String, String)
  /// There is an entry of that name already.
  case exists(path: String, name: String)
  /// There is no entry of that name.
  case missing(path: String, name: String)
  /// The file is written so that only a person can change it safely.
  case unchangeable(path: String, name: String)

  /// What is wrong and where, one line.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .syntax(let path, let mistake): "'\(path)', \(mistake)"
    case .fault(let path, let reason): "'\(path)': \(reason)"
    case .exists(let path, let name): "'\(path)' has an instance '\(name)' already"
    case .missing(let path, let name): "'\(path)' has no instance '\(name)'"
    case .unchangeable(let path, let name):
      "the entry '\(name)' of '\(path)' cannot be changed without touching others; edit the file"
    }
  }
}
