extension StateFile {
  /// A connection as the state file remembers it.
  public struct Connection: Sendable, Equatable {
    /// DevLake's name of the plugin, such as `github`.
    public var plugin: String
    /// DevLake's number of the connection within its plugin.
    public var id: Int
    /// The connection's name.
    public var name: String
    /// The organization it was made for.
    public var organization: String?
    /// The enterprise it was made for.
    public var enterprise: String?

    /// Describes a connection.
    public init(
      plugin: String,
      id: Int,
      name: String,
      organization: String? = nil,
      enterprise: String? = nil
    ) {
      self.plugin = plugin
      self.id = id
      self.name = name
      self.organization = organization
      self.enterprise = enterprise
    }

    /// Reads an entry of `connections`.
    init?(_ value: JSONValue) {
      guard let plugin = value["plugin"]?.string, let id = value["connectionId"]?.int else {
        return nil
      }
      self.plugin = plugin
      self.id = id
      name = value["name"]?.string ?? ""
      organization = value["organization"]?.string
      enterprise = value["enterprise"]?.string
    }

    /// What tells two apart.
    struct Key: Hashable {
      let plugin: String
      let id: Int

      init(_ connection: Connection) {
        plugin = connection.plugin
        id = connection.id
      }
    }
  }

  /// Refuses a file whose known members have other types: writing it back would lose them.
  static func check(_ members: JSONObject) throws(StateFileFault) {
    if let endpoints = members["endpoints"], !endpoints.isNull {
      guard endpoints.object != nil else { throw .init("'endpoints' is not an object") }
      if let backend = endpoints["backend"], !backend.isNull, backend.string == nil {
        throw .init("'endpoints.backend' is not a string")
      }
    }
    guard let connections = members["connections"], !connections.isNull else { return }
    guard let entries = connections.array else { throw .init("'connections' is not a list") }
    for (index, entry) in entries.enumerated() {
      guard Connection(entry) != nil else {
        throw .init("entry \(index + 1) of 'connections' has no plugin and connectionId")
      }
      for key in ["name", "organization", "enterprise"] {
        if let value = entry[key], !value.isNull, value.string == nil {
          throw .init("'\(key)' in entry \(index + 1) of 'connections' is not a string")
        }
      }
    }
  }
}

/// What makes a file no state file.
public struct StateFileFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The fault, for example `not a JSON object`.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Why a state file could not be read or written; it is then as it was.
@nonexhaustive
public enum StateFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file system refused.
  case file(FileError)
  /// The file is not a state file; it is kept and never overwritten.
  case broken(path: String, StateFileFault)

  /// What happened and what to do, in one line.
  public var description: String {
    switch self {
    case .file(let error): "state file: \(error)"
    case .broken(let path, let fault):
      "state file '\(path)' cannot be used and is ignored: \(fault); fix or delete it"
    }
  }
}
