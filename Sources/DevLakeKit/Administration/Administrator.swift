/// Does what an administrator does with connections, each job with the care the server needs.
///
/// Jobs are methods in `Administrator+…` files. None asks a person anything or prints: they return
/// what happened, and the caller decides what to do next.
public struct Administrator: Sendable {
  /// The server that is administered.
  public let client: DevLakeClient

  /// Takes the server.
  public init(client: DevLakeClient) { self.client = client }
}

extension Administrator {
  /// Tests a saved connection, with the values DevLake has.
  ///
  /// - Throws: Only when DevLake itself cannot be asked; what the service says is a verdict, and so
  ///   is a test that hangs.
  public func test(
    _ id: Int,
    of plugin: PluginDescriptor,
    endpoint: String? = nil
  ) async throws(APIError) -> Verdict {
    guard plugin.test.isAvailable else {
      return Verdict(.unverified, "\(plugin.displayName) connections have no test")
    }
    return try await verdict(plugin, endpoint: endpoint) { () async throws(APIError) in
      let answer = try await client.testSaved(id, of: plugin)
      // DevLake answers an unknown id with 400 here (measured).
      if answer.status == 400 || answer.status == 404 {
        let message = ServerMessage(answer.json?["message"]?.string ?? "")
        if ([message.headline] + message.reasons).contains(where: { $0.hasSuffix("not found") }) {
          throw APIError(
            .refused(status: 404, message: ServerMessage("no such connection"), data: nil),
            call: "POST \(plugin.id)/\(id)/test"
          )
        }
      }
      return answer
    }
  }

  /// Tests values that are not saved.
  public func test(
    _ body: RequestBody,
    of plugin: PluginDescriptor
  ) async throws(APIError) -> Verdict {
    guard plugin.test.isAvailable else {
      return Verdict(.unverified, "\(plugin.displayName) connections have no test")
    }
    var endpoint: String?
    if case .json(let value)? = body["endpoint"] { endpoint = value.string }
    var method: String?
    if case .json(let value)? = body["authMethod"] { method = value.string }
    return try await verdict(plugin, endpoint: endpoint, method) { () async throws(APIError) in
      try await client.testUnsaved(body, of: plugin)
    }
  }

  /// Tests a saved connection with some of its values replaced for this test only.
  public func test(
    _ connection: Connection,
    replacing candidate: RequestBody,
    of plugin: PluginDescriptor
  ) async throws(APIError) -> Verdict {
    guard !plugin.test.ignoresCandidate else {
      return try await test(plugin.whole(connection, with: candidate), of: plugin)
    }
    guard plugin.test.isAvailable else {
      return Verdict(.unverified, "\(plugin.displayName) connections have no test")
    }
    var endpoint = connection.endpoint
    if case .json(let value)? = candidate["endpoint"] { endpoint = value.string }
    var method = connection.authMethod
    if case .json(let value)? = candidate["authMethod"] { method = value.string }
    return try await verdict(plugin, endpoint: endpoint, method) { () async throws(APIError) in
      try await client.testSaved(connection.key.id, with: candidate, of: plugin)
    }
  }

  private func verdict(
    _ plugin: PluginDescriptor,
    endpoint: String?,
    _ authMethod: String? = nil,
    _ ask: () async throws(APIError) -> APIAnswer
  ) async throws(APIError) -> Verdict {
    let clock = ContinuousClock()
    let start = clock.now
    var verdict: Verdict
    do throws(APIError) {
      let answer = try await ask()
      if answer.status == 504, answer.json == nil {
        var verdict = Verdict(
          .timeout,
          "the proxy in front of DevLake gave up waiting (504)",
          hint: "the service or the way to it hangs; ask DevLake itself, on its own port"
        )
        verdict.cause = .timeout
        return verdict
      }
      var reader = VerdictReader(plugin: plugin, endpoint: endpoint, authMethod: authMethod)
      verdict = reader.verdict(of: answer)
    } catch {
      guard case .transport(.timedOut(let limit)) = error.kind else { throw error }
      verdict = Verdict(
        .timeout,
        "no answer within \(limit.seconds) s",
        hint: "the service or the way to it hangs; DevLake itself sets no limit"
      )
      verdict.cause = .timeout
    }
    let elapsed = (clock.now - start).components
    verdict.elapsedMilliseconds =
      Int(elapsed.seconds) * 1000 + Int(elapsed.attoseconds / 1_000_000_000_000_000)
    return verdict
  }
}
