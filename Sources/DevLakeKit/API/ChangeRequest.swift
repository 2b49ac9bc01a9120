/// One request of a change: what a dry run shows and what is sent are this same value.
public struct ChangeRequest: Sendable, Equatable {
  /// The method, in capitals.
  public let method: String
  /// The route, its variable parts percent-encoded.
  public let path: String
  /// The query without `?`.
  public let query: String?
  /// The body, secrets as ``Secret``; `nil`: none is sent.
  public let body: RequestBody?
  /// What it does.
  public let purpose: Purpose

  /// What a request of a change does.
  public enum Purpose: Sendable, Equatable {
    /// It tests values that are not saved.
    case test
    /// It changes something.
    case write
    /// It tests what was saved.
    case retest
  }

  init(
    _ method: String,
    _ path: String,
    query: String? = nil,
    _ body: RequestBody? = nil,
    _ purpose: Purpose = .write
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.purpose = purpose
  }

  /// A write that has no step of its own.
  public init(_ method: String, _ route: Route, body: RequestBody? = nil) {
    self.init(method, route.path, query: route.query, body)
  }

  /// What runs a pending migration of DevLake's database.
  public static let migration = ChangeRequest("GET", "/proceed-db-migration")

  /// Path and query as they may be shown.
  public var shown: String { Route.shown(path, query) }

  /// The request as the client sends it.
  func call(limit: APICall.Limit = .request) -> APICall {
    var call = APICall(method: method, path: path, query: query, body: body)
    call.limit = purpose == .write ? limit : .test
    return call
  }
}
