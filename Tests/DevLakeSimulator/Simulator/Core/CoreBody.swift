import DevLakeKit

extension Request {
  /// The body of a core route: unlike plugin routes, these want a JSON content type and take a
  /// body under any other for none.
  ///
  /// - Throws: 400 `bad request body format` when it is no JSON object.
  func coreBody() throws(Failure) -> JSONObject {
    guard header("content-type")?.hasPrefix("application/json") ?? false else {
      return JSONObject()
    }
    do {
      return try GoBody.object(body) ?? JSONObject()
    } catch {
      throw Failure(
        400,
        [.own("bad request body format", 400), .foreign(error.layers[0].text)]
      )
    }
  }
}

extension JSONObject {
  /// The text of a member; empty when there is none.
  func text(_ key: String) -> String { self[key]?.string ?? "" }
}
