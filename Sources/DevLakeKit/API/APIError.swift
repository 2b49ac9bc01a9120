/// What can go wrong between a program and a DevLake server.
public struct APIError: Error, Sendable, Equatable {
  /// What kind of failure it is.
  public var kind: Kind
  /// The request it happened to, for example `GET /plugins/github/connections`.
  public var call: String

  /// The kinds of failure.
  @nonexhaustive
  public enum Kind: Sendable, Equatable {
    /// No answer came.
    case transport(TransportError)
    /// DevLake answered with an error status and said why.
    case refused(status: Int, message: ServerMessage, data: JSONValue?)
    /// DevLake, or what guards it, does not let this caller in.
    case unauthorized(status: Int, reason: String)
    /// A database migration waits or runs; nothing else is served.
    case migration(isRunning: Bool)
    /// The route does not exist: no such plugin, or a DevLake without that route.
    case noRoute
    /// HTTP 500 with an empty list: DevLake's database is away (measured).
    case databaseAway
    /// An error status without a text: DevLake's handler broke down.
    case brokenDown(status: Int)
    /// What is in front of DevLake answered in its place; whether DevLake was asked is not known.
    case gateway(status: Int, reason: String)
    /// What answers is not DevLake's API.
    case foreign(reason: String)
    /// DevLake answered with success and something unexpected.
    case unexpected(reason: String)
  }

  /// Creates an API error with what happened, and to which request.
  public init(_ kind: Kind, call: String) {
    self.kind = kind
    self.call = call
  }
}

extension APIError {
  /// What helps against another ENCRYPTION_SECRET.
  static let encryptionHelp =
    "start DevLake with its former ENCRYPTION_SECRET; if that is lost, its connections must be "
    + "deleted in the database and created again"
}

extension APIError: CustomStringConvertible {
  /// What happened, one line, without the request.
  public var description: String {
    switch kind {
    case .transport(let error): error.description
    case .refused(let status, let message, _):
      isAboutEncryption
        ? Self.otherEncryption
        : message.line.isEmpty
          ? "DevLake answered \(status)" : "DevLake: \(message.line) (\(status))"
    case .unauthorized(_, let reason): reason
    case .migration(isRunning: true): "DevLake is migrating its database; try again later"
    case .migration(isRunning: false): "DevLake is waiting for a database migration (HTTP 428)"
    case .noRoute: "DevLake has no such route (404)"
    case .databaseAway: "DevLake cannot reach its database (HTTP 500 with an empty list)"
    case .brokenDown(let status): "DevLake failed on the request (HTTP \(status), empty body)"
    case .gateway(let status, let reason):
      "the gateway in front of DevLake answered \(status)" + (reason.isEmpty ? "" : ": \(reason)")
    case .foreign(let reason): reason
    case .unexpected(let reason): "DevLake answered unexpectedly: \(reason)"
    }
  }

  /// What to try, one sentence, where something is known.
  public var help: String? {
    switch kind {
    case .transport(.unresolved), .transport(.refused), .transport(.unconnectable):
      "check the URL"
    case .transport(.timedOut): "try again, or allow more time"
    case .transport(.tls(let failure)): failure.help
    case .transport(.noDescriptors):
      "allow the process more of them: 'ulimit -n 1024'"
    case .transport(.encoded): "disable compression in the gateway in front of DevLake"
    case .transport(.proxy(_, let variable, _)):
      "fix \(variable.map { "$\($0)" } ?? "the proxy"), or add the host to $NO_PROXY"
    case .transport: nil
    case .unauthorized: nil
    case .refused where isAboutEncryption: Self.encryptionHelp
    case .migration(isRunning: false): "open config-ui and confirm it"
    case .databaseAway: "start its database; DevLake then recovers by itself"
    case .foreign: "give DevLake's URL: http://host:8080, or config-ui's http://host:4000/api"
    default: nil
    }
  }

  /// That DevLake cannot decrypt what it stored.
  static let otherEncryption =
    "this DevLake runs with an ENCRYPTION_SECRET other than the one its secrets were stored with"

  /// Whether DevLake's words say that it cannot decrypt what it stored.
  static func isAboutEncryption(_ message: ServerMessage) -> Bool {
    message.headline.contains("invalid encryptionSecret")
  }

  /// Whether DevLake cannot decrypt the secrets it has.
  public var isAboutEncryption: Bool {
    if case .refused(500, let message, _) = kind {
      message.headline == Self.otherEncryption
    } else {
      false
    }
  }

  /// The whole text DevLake sent, or what the system says of a lost answer.
  public var detail: String? {
    if case .transport(let error) = kind { return error.detail }
    guard case .refused(_, let message, _) = kind, message.reasons.count > 1 else { return nil }
    return message.reasons.joined(separator: "\n")
  }

  /// Whether DevLake as a whole is out of reach, so that asking on makes no sense.
  public var isAboutServer: Bool {
    switch kind {
    case .transport(let error): !error.mayHaveActed
    case .unauthorized, .migration, .foreign, .gateway: true
    case .refused, .noRoute, .databaseAway, .brokenDown, .unexpected: false
    }
  }

  /// Whether a write may have been done although this error came back.
  ///
  /// A proxy that gave up waiting says nothing about what DevLake did in the meantime, whatever form its
  /// answer has, and a 404 that is not DevLake's says nothing about the row.
  public var leavesWriteOpen: Bool {
    switch kind {
    case .transport(let error): error.mayHaveActed
    case .brokenDown, .unexpected, .databaseAway, .foreign, .gateway, .noRoute: true
    // DevLake's 500 with a text is a write that failed, a duplicate name for example (measured).
    case .refused(let status, _, _): status == 408 || status == 499 || status > 500
    case .unauthorized, .migration: false
    }
  }

  /// Whether DevLake itself says that there is no such row.
  public var meansAbsent: Bool {
    if case .refused(status: 404, _, _) = kind { true } else { false }
  }

  /// Whether the caller gave up.
  public var isCancellation: Bool { kind == .transport(.cancelled) }

  /// The HTTP status, where one came.
  public var status: Int? {
    switch kind {
    case .refused(let status, _, _), .unauthorized(let status, _), .brokenDown(let status),
      .gateway(let status, _):
      status
    case .migration: 428
    case .noRoute: 404
    case .databaseAway: 500
    case .transport, .foreign, .unexpected: nil
    }
  }
}
