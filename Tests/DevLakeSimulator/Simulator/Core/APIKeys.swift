import DevLakeKit

/// A key for the routes below `/rest`.
struct APIKey: Sendable {
  let id: Int
  let name: String
  let type: String
  let allowedPath: String
  let expiredAt: JSONValue
  var key: String
  var extra = ""
  /// Who made it.
  var creator = DevLake.Caller()
  let createdAt: Timestamp
  var updatedAt: Timestamp

  func shown(withKey: Bool = false, written: Set<ConnectionKind.WrittenTime> = []) -> JSONValue {
    var object: JSONObject = [
      "id": .integer(id),
      "createdAt": written.contains(.created) ? createdAt.precise : createdAt.stored,
      "updatedAt": written.contains(.updated) ? updatedAt.precise : updatedAt.stored,
      "creator": .string(creator.name), "creatorEmail": .string(creator.email),
      "updater": .string(creator.name), "updaterEmail": .string(creator.email),
      "name": .string(name),
    ]
    if withKey { object["apiKey"] = .string(key) }
    object["expiredAt"] = expiredAt
    object["allowedPath"] = .string(allowedPath)
    object["type"] = .string(type)
    object["extra"] = .string(extra)
    return .object(object)
  }

  static func newKey() -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<128).map { _ in letters[Int.random(in: letters.indices)] })
  }
}

/// The routes below `/api-keys`, and the door `/rest` they open.
extension DevLake {
  mutating func apiKeyAnswer(_ request: Request, _ segments: [String]) throws(Failure) -> Answer? {
    switch (request.method, segments.count) {
    case ("GET", 1):
      let listed = apiKeys.filter { $0.type == "devlake" }
      let page = try request.page()
      return .json([
        "apikeys": .array(page.slice(listed).map { $0.shown() }), "count": .integer(listed.count),
      ])
    case ("POST", 1): return try createKey(request)
    case ("PUT", 2):
      let index = try keyIndex(segments[1], "error putting api key")
      apiKeys[index].key = APIKey.newKey()
      apiKeys[index].updatedAt = .now()
      return .json(apiKeys[index].shown(withKey: true, written: [.updated]))
    case ("DELETE", 2):
      apiKeys.remove(at: try keyIndex(segments[1], "error deleting api key"))
      return .success
    default: return nil
    }
  }

  private mutating func createKey(_ request: Request) throws(Failure) -> Answer {
    let words = "error creating api key"
    let body = try request.coreBody()
    let missing = [("Name", "name"), ("Type", "type"), ("AllowedPath", "allowedPath")]
      .filter { body.text($0.1).isEmpty }
      .map {
        "Key: 'ApiInputApiKey.\($0.0)' Error:Field validation for '\($0.0)' "
          + "failed on the 'required' tag"
      }
    guard missing.isEmpty else {
      throw Failure(
        400,
        [
          .own(words, 400), .own("data verification failed", 400),
          .foreign(missing.joined(separator: "\n")),
        ]
      )
    }
    let (name, path) = (body.text("name"), body.text("allowedPath"))
    guard (try? Regex(path)) != nil else {
      throw Failure(
        500,
        [
          .own(words), .own("random letters"), .own("compile allowed path: \(path)"),
          .foreign("error parsing regexp: missing closing ): `\(path)`"),
        ]
      )
    }
    lastAPIKeyID += 1
    guard !apiKeys.contains(where: { $0.name == name }) else {
      throw Failure(
        400,
        [
          .own(words, 400), .own("random letters", 400),
          .own("An api key with name [\(name)] has already exists", 400),
        ]
      )
    }
    let key = APIKey(
      id: lastAPIKeyID,
      name: name,
      type: body.text("type"),
      allowedPath: path,
      expiredAt: body["expiredAt"] ?? nil,
      key: APIKey.newKey(),
      creator: caller(of: request) ?? Caller(),
      createdAt: .now(),
      updatedAt: .now()
    )
    apiKeys.append(key)
    return .json(key.shown(withKey: true, written: [.created, .updated]), status: 201)
  }

  private func keyIndex(_ id: String, _ words: String) throws(Failure) -> Int {
    if let index = apiKeys.firstIndex(where: { String($0.id) == id }) { return index }
    throw Failure(
      404,
      [
        .own(words, 404), .own("could not find api key id[\(id)] in DB", 404),
        .own("record not found", 404), .foreign("record not found"),
      ]
    )
  }

  /// Answers a request below `/rest`: checks the key, then takes the prefix away.
  mutating func respondBehindKey(_ request: Request) -> Answer {
    func refused(_ status: Int, _ message: String) -> Answer {
      .json(["success": false, "message": .string(message)], status: status)
    }
    guard let header = request.header("authorization") else {
      return refused(401, "token is missing")
    }
    let parts = header.split(separator: " ")
    guard parts.count == 2, parts[0] == "Bearer" else {
      return refused(401, "token is not present or malformed")
    }
    guard let key = apiKeys.first(where: { $0.key == parts[1] }) else {
      return refused(403, "api key is invalid")
    }
    if let end = key.expiredAt.string.flatMap(Timestamp.init), end.seconds < Timestamp.now().seconds
    {
      return refused(403, "api key has expired")
    }
    var bare = request
    bare.path = String(request.path.dropFirst("/rest".count))
    guard let regex = try? Regex(key.allowedPath), bare.path.firstMatch(of: regex) != nil else {
      return refused(403, "path doesn't match api key's scope")
    }
    bare.keyHolder = key.creator
    return loginAnswer(bare) ?? respondInside(bare)
  }
}
