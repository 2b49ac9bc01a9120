import DevLakeKit

/// The requests a change is made of.
extension PlannedChange {
  /// Whether something is new that a test can judge.
  var needsTest: Bool {
    switch action {
    case .create: plugin.test.isAvailable
    case .update, .rotate: ConnectionChange.needsTest(body, of: plugin)
    case .delete, .unchanged: false
    }
  }

  private var path: String {
    let list = "/plugins/\(plugin.id)/connections"
    return connection.map { "\(list)/\($0.key.id)" } ?? list
  }

  /// What the test of a new connection gets.
  private var testBody: RequestBody {
    var body = plugin.candidate(in: body)
    if connection == nil, !plugin.test.needsName { body["name"] = nil }
    return body
  }

  var testRequest: (method: String, path: String, body: RequestBody?) {
    ("POST", connection == nil ? "/plugins/\(plugin.id)/test" : path + "/test", testBody)
  }

  var writeRequest: (method: String, path: String, body: RequestBody?) {
    guard let connection else { return ("POST", path, body) }
    if action == .delete { return ("DELETE", path, nil) }
    return ("PATCH", path, plugin.patchBody(connection, with: body))
  }

  /// Tests what is to be saved; nothing is.
  func pretest(_ administrator: Administrator) async -> Result<Verdict, APIError> {
    do throws(APIError) {
      guard let connection else {
        return .success(try await administrator.test(testBody, of: plugin))
      }
      return .success(try await administrator.test(connection, replacing: testBody, of: plugin))
    } catch {
      return .failure(error)
    }
  }

  /// Tests what was saved.
  func retest(_ administrator: Administrator) async -> Result<Verdict, APIError> {
    guard let connection else { return .success(Verdict(.unverified, "there is none")) }
    do throws(APIError) {
      return .success(
        try await administrator.test(
          connection.key.id,
          of: plugin,
          endpoint: connection.endpoint
        )
      )
    } catch {
      return .failure(error)
    }
  }
}
