import DevLakeKit

/// The routes of a service that DevLake's `proxy/rest` reaches.
///
/// What a token is like stands in its text: `ENDS-2026-12-31` when it ends, `HAS-read_api+read_user`
/// its scopes, `REVOKED` and `SPENT` what they say.
struct ServiceRoutes: Sendable {
  /// The secret of a connection's fields that DevLake sends.
  let secret: @Sendable (JSONObject) -> String
  /// The service's answer; `nil`: it has no such route.
  let answer: @Sendable (_ path: String, _ secret: String) -> Answer?

  init(
    secret: @escaping @Sendable (JSONObject) -> String,
    answer: @escaping @Sendable (_ path: String, _ secret: String) -> Answer?
  ) {
    self.secret = secret
    self.answer = answer
  }

  /// The day a token ends; null: never.
  static func end(_ token: String) -> JSONValue {
    guard let mark = token.firstRange(of: "ENDS-") else { return nil }
    return .string(String(token[mark.upperBound...].prefix(10)))
  }

  /// A token's scopes.
  static func scopes(_ token: String, usual: String) -> [JSONValue] {
    guard let mark = token.firstRange(of: "HAS-") else {
      return usual.split(separator: ",").map { .string(String($0)) }
    }
    let names = token[mark.upperBound...].prefix { $0.isLetter || "_:+".contains($0) }
    return names.split(separator: "+").map { .string(String($0)) }
  }
}

extension DevLake {
  /// A `GET` that DevLake passes on to the service: status and JSON come back, other bodies are a 500.
  func passOn(
    _ path: String,
    _ kind: ConnectionKind,
    _ service: ServiceRoutes,
    _ id: String
  ) throws(Failure) -> Answer {
    let row = try connection(kind, id)
    // Of several tokens the first one is sent.
    let secret = String(service.secret(row.values).split(separator: ",").first ?? "")
    let call = Upstream(
      endpoint: row.values["endpoint"]?.string ?? "",
      path: path,
      proxy: row.values["proxy"]?.string ?? "",
      secret: secret
    )
    switch call.reply {
    case .json(200, _):
      return service.answer(path, secret) ?? .json(["message": "404 Not Found"], status: 404)
    case .json(let status, let detail): return .json(["message": .string(detail)], status: status)
    case .other: throw Failure(500, "invalid character '<' looking for beginning of value")
    case .unreachable(let failure): throw failure
    case .broken(let text): throw Failure(500, text)
    case .never:
      var answer = Answer.empty(200)
      answer.hangs = true
      return answer
    }
  }
}
