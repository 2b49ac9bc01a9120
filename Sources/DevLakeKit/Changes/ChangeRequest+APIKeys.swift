extension DevLakeClient {
  /// Sends a request of a key that is answered with its secret.
  package func issueKey(_ request: ChangeRequest) async throws(APIError) -> IssuedKey {
    let call = request.call()
    let value = try await json(call)
    guard let key = APIKey(value), let text = value["apiKey"]?.string, !text.isEmpty else {
      throw APIError(.unexpected(reason: "no key"), call: call.label)
    }
    let secret = Secret(text)
    redactor.learn(secret)
    return IssuedKey(key: key, secret: secret)
  }

  /// Removes a key.
  package func deleteKey(_ request: ChangeRequest) async throws(APIError) {
    _ = try await send(request.call())
  }
}

extension ChangeRequest {
  /// What makes a key.
  package static func keyCreation(
    _ name: String,
    allowedPath: String,
    expiredAt: String?
  ) -> ChangeRequest {
    var body = RequestBody()
    body["name"] = .json(.string(name))
    body["type"] = .json("devlake")
    body["allowedPath"] = .json(.string(allowedPath))
    body["expiredAt"] = .json(expiredAt.map { .string($0) } ?? .null)
    return ChangeRequest("POST", "/api-keys", body)
  }

  /// What gives a key another secret; the old one ends at once.
  package static func keyRotation(_ id: Int) -> ChangeRequest {
    ChangeRequest("PUT", "/api-keys/\(id)")
  }

  /// What removes a key.
  package static func keyDeletion(_ id: Int) -> ChangeRequest {
    ChangeRequest("DELETE", "/api-keys/\(id)")
  }
}
