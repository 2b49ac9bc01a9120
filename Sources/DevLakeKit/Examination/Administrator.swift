/// Does what an administrator does with connections, each job with the care the server needs.
///
/// Jobs are methods in `Administrator+…` files. None asks a person anything or prints: they return
/// what happened, and the caller decides what to do next.
public struct Administrator: Sendable {
  /// The server that is administered.
  public let client: DevLakeClient

  /// Creates an administrator with the server.
  public init(client: DevLakeClient) { self.client = client }
}

extension Administrator {
  /// Tests a saved connection, with the values DevLake has.
  ///
  /// - Parameters:
  ///   - id: The connection's ID.
  ///   - plugin: Its plugin.
  ///   - endpoint: Its address, for the hint when the test fails.
  ///   - authMethod: How it authenticates, for the same.
  /// - Throws: Only when DevLake itself cannot be asked; what the service says is a verdict, and so
  ///   is a test that hangs.
  public func test(
    _ id: Int,
    of plugin: PluginDescriptor,
    endpoint: String? = nil,
    authMethod: String? = nil
  ) async throws(APIError) -> Verdict {
    guard plugin.test.isAvailable else { return Self.untestable(plugin) }
    let trial = try await trial(of: id, plugin)
    return trial.verdict(VerdictReader(plugin: plugin, endpoint: endpoint, authMethod: authMethod))
  }

  /// Reads a saved connection and tests it at the same time.
  ///
  /// - Throws: When there is no such connection, or DevLake itself cannot be asked.
  public func readAndTest(
    _ id: Int,
    of plugin: PluginDescriptor
  ) async throws(APIError) -> (Connection, Verdict) {
    guard plugin.test.isAvailable else {
      return (try await client.connection(id, of: plugin), Self.untestable(plugin))
    }
    async let tested = trialResult(of: id, plugin)
    let connection = try await client.connection(id, of: plugin)
    let reader = VerdictReader(
      plugin: plugin,
      endpoint: connection.endpoint,
      authMethod: connection.authMethod
    )
    return (connection, try await tested.get().verdict(reader))
  }

  /// Sends the test of a change, and reads what it came to.
  ///
  /// - Parameters:
  ///   - connection: The saved connection, for the hint when the test fails.
  ///   - id: Its number, where it is tested itself.
  func verdict(
    of request: ChangeRequest,
    _ plugin: PluginDescriptor,
    reading connection: Connection?,
    id: Int?
  ) async throws(APIError) -> Verdict {
    guard plugin.test.isAvailable else { return Self.untestable(plugin) }
    let reader = VerdictReader(
      plugin: plugin,
      endpoint: request.body?.text("endpoint") ?? connection?.endpoint,
      authMethod: request.body?.text("authMethod") ?? connection?.authMethod,
      chosen: plugin.test.choice.flatMap { choice in
        if case .json(let value)? = request.body?[choice.field] { return value.int }
        return connection?.shown(choice.field)?.int
      }
    )
    return try await Trial { () async throws(APIError) in
      let answer = try await client.test(request.call())
      if let id { try Self.checkIsThere(answer, id, plugin) }
      return answer
    }.verdict(reader)
  }

  private static func untestable(_ plugin: PluginDescriptor) -> Verdict {
    Verdict(.unverified, "\(plugin.displayName) connections have no test")
  }

  private func trialResult(
    of id: Int,
    _ plugin: PluginDescriptor
  ) async -> Result<Trial, APIError> {
    do throws(APIError) {
      return .success(try await trial(of: id, plugin))
    } catch {
      return .failure(error)
    }
  }

  private func trial(of id: Int, _ plugin: PluginDescriptor) async throws(APIError) -> Trial {
    try await Trial { () async throws(APIError) in
      let answer = try await client.testSaved(id, of: plugin)
      try Self.checkIsThere(answer, id, plugin)
      return answer
    }
  }

  /// DevLake answers the test of an unknown id with 400 (measured).
  private static func checkIsThere(
    _ answer: APIAnswer,
    _ id: Int,
    _ plugin: PluginDescriptor
  ) throws(APIError) {
    guard answer.status == 400 || answer.status == 404 else { return }
    let message = ServerMessage(answer.json?["message"]?.string ?? "")
    guard ([message.headline] + message.reasons).contains(where: { $0.hasSuffix("not found") })
    else { return }
    throw APIError(
      .refused(status: 404, message: ServerMessage("no such connection"), data: nil),
      call: "POST \(plugin.id)/\(id)/test"
    )
  }
}

/// A test that was run: what DevLake answered, if it did, and how long it took.
private struct Trial: Sendable {
  private enum Outcome {
    case answered(APIAnswer)
    case hung(Duration)
  }

  private let outcome: Outcome
  private let elapsedMilliseconds: Int

  /// Runs it; a test that hangs is an outcome.
  init(_ ask: () async throws(APIError) -> APIAnswer) async throws(APIError) {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(APIError) {
      outcome = .answered(try await ask())
    } catch {
      guard case .transport(.timedOut(let limit)) = error.kind else { throw error }
      outcome = .hung(limit)
    }
    let elapsed = (clock.now - start).components
    elapsedMilliseconds =
      Int(elapsed.seconds) * 1000 + Int(elapsed.attoseconds / 1_000_000_000_000_000)
  }

  /// What it came to.
  func verdict(_ reader: VerdictReader) -> Verdict {
    var verdict: Verdict
    switch outcome {
    case .answered(let answer) where answer.status == 504 && answer.json == nil:
      verdict = Verdict(
        .timeout,
        "the proxy in front of DevLake gave up waiting (504)",
        hint:
          "the service or the network does not respond; connect to DevLake directly, on its own port"
      )
      verdict.cause = .timeout
    case .answered(let answer):
      var reader = reader
      verdict = reader.verdict(of: answer)
    case .hung(let limit):
      verdict = Verdict(
        .timeout,
        "no answer within \(limit.seconds) s",
        hint: "the service or the network does not respond; DevLake itself sets no limit"
      )
      verdict.cause = .timeout
    }
    verdict.elapsedMilliseconds = elapsedMilliseconds
    return verdict
  }
}

extension RequestBody {
  /// The text of a member that is not a secret.
  fileprivate func text(_ name: String) -> String? {
    if case .json(let value)? = self[name] { value.string } else { nil }
  }
}
