/// What a credential sees of its service, as DevLake itself asks for it.
extension Administrator {
  /// Tests a saved connection for what collection needs: after a test that passed, DevLake lists what
  /// there is to collect with the saved credential, and the service is asked for each scope.
  ///
  /// - Parameters:
  ///   - verdict: What the test of the connection came to; one that failed stays as it is.
  ///   - connection: The connection that was tested.
  ///   - plugin: Its plugin.
  ///   - ids: The ids of the scopes that count; `nil`: all of the connection's.
  /// - Returns: The verdict, failed where the test passed and this does not.
  /// - Throws: Only when DevLake itself cannot be asked.
  public func deepened(
    _ verdict: Verdict,
    of connection: Connection,
    _ plugin: PluginDescriptor,
    scopes ids: Set<String>? = nil
  ) async throws(APIError) -> Verdict {
    guard !verdict.isFailure else { return verdict }
    let reader = ReachReader(client: client, connection: connection, plugin: plugin)
    async let listed = Result(awaiting: { () async throws(APIError) in try await reader.sight() })
    let readable = try await reader.scopes(ids)
    switch try await listed.get() {
    case .failed(let failed): return failed.after(verdict)
    case .unknown:
      if case .failed(let failed) = readable { return failed.after(verdict) }
      var verdict = verdict
      verdict.reach = readable.words
      if verdict.reach == nil, verdict.hint == nil {
        verdict.hint = "DevLake has no way to tell what a \(plugin.displayName) credential sees"
      }
      return verdict
    case .seen(let count, let hasMore):
      if case .failed(let failed) = readable { return failed.after(verdict) }
      var verdict = verdict
      let number = "\(count)\(hasMore ? " or more" : "") to collect from"
      verdict.reach =
        (["sees \(count == 0 ? "nothing" : number)"] + (readable.words.map { [$0] } ?? []))
        .joined(separator: ", ")
      // What was listed came from the service, with the credential.
      if count > 0, verdict.outcome == .unverified, verdict.isOnlyReported {
        verdict.outcome = .passed
        verdict.isOnlyReported = false
        verdict.message = "Connection test passed"
        verdict.hint = nil
      }
      if count == 0, verdict.hint == nil {
        verdict.hint = "the credential is accepted and sees nothing that could be collected"
      }
      return verdict
    }
  }
}

/// Asks what a connection's credential sees.
private struct ReachReader: Sendable {
  let client: DevLakeClient
  let connection: Connection
  let plugin: PluginDescriptor

  /// What DevLake lists.
  enum Sight: Sendable {
    /// It has no such list of the plugin's.
    case unknown
    case seen(Int, hasMore: Bool)
    case failed(Verdict)
  }

  /// Whether the service lets each scope be read.
  enum Readable: Sendable {
    case unknown
    case all(Int)
    case failed(Verdict)

    var words: String? {
      guard case .all(let count) = self, count > 0 else { return nil }
      return "reads \(count == 1 ? "its scope" : "its \(count) scopes")"
    }
  }

  /// How many scopes are asked for one by one.
  private static let mostScopes = 200
  /// How many at once.
  private static let width = 8

  func sight() async throws(APIError) -> Sight {
    let key = connection.key
    var call = APICall.get(client.route(key.plugin, key.id) + "/remote-scopes")
    call.limit = .test
    let answer: APIAnswer
    do throws(APIError) {
      answer = try await client.exchange(call)
    } catch {
      guard case .transport(.timedOut(let limit)) = error.kind else { throw error }
      var verdict = Verdict(
        .timeout,
        "the test passes, but DevLake's list of what there is to collect takes more than "
          + "\(limit.seconds) s"
      )
      verdict.cause = .timeout
      return .failed(verdict)
    }
    if let error = answer.serverFailure(of: call) {
      if error.kind == .noRoute { return .unknown }
      throw error
    }
    guard answer.isSuccess, let object = answer.json?.object else {
      return .failed(refusal(answer))
    }
    let children = object["children"]?.array ?? []
    let hasMore = object["nextPageToken"]?.string?.isEmpty == false
    if children.isEmpty, !hasMore, let method = plugin.reach.authMethodThatSees,
      connection.authMethod == method
    {
      var verdict = Verdict(
        .failed,
        "the test passes, but the \(plugin.displayName) App sees nothing: its installation has no "
          + "repositories, or is another's",
        hint: "give the installation repositories, or name another"
      )
      verdict.cause = .permission
      return .failed(verdict)
    }
    return .seen(children.count, hasMore: hasMore)
  }

  private func refusal(_ answer: APIAnswer) -> Verdict {
    let reader = VerdictReader(
      plugin: plugin,
      endpoint: connection.endpoint,
      authMethod: connection.authMethod
    )
    let (refused, status) = reader.refusal(answer)
    return explained(refused, status, "the test passes, but DevLake cannot list what to collect: ")
  }

  private func explained(_ verdict: Verdict, _ status: Int, _ beginning: String) -> Verdict {
    var verdict = verdict
    if let explanation = plugin.reach.explanation(status, connection) {
      verdict.cause = explanation.cause
      verdict.message = explanation.message + " (\(status))"
      verdict.hint = explanation.hint
    }
    verdict.message = beginning + verdict.message
    return verdict
  }

  func scopes(_ ids: Set<String>?) async throws(APIError) -> Readable {
    guard plugin.reach.scopePath != nil else { return .unknown }
    var scopes: [JSONObject]
    do throws(APIError) {
      scopes = (try await client.scopes(of: connection.key) ?? []).map {
        $0["scope"]?.object ?? $0
      }
    } catch {
      // A key that may not see the scopes leaves only this open.
      guard case .unauthorized = error.kind else { throw error }
      return .unknown
    }
    if let ids { scopes = scopes.filter { $0.scopeID(plugin).map(ids.contains) ?? false } }
    let asked = scopes.prefix(Self.mostScopes).compactMap { scope in
      plugin.reach.path(of: scope).map { (path: $0, name: scope.scopeName(plugin)) }
    }
    guard !asked.isEmpty else { return .unknown }
    let statuses = await statuses(of: asked.map(\.path))
    let refused = zip(asked, statuses).compactMap { scope, status -> (name: String, status: Int)? in
      guard let status, status >= 400 else { return nil }
      return (scope.name, status)
    }
    guard let first = refused.first else {
      return statuses.contains { $0 != nil } ? .all(asked.count) : .unknown
    }
    let names = refused.prefix(3).map { "'\(ServerText.line($0.name))' (\($0.status))" }
    let more = refused.count > 3 ? " and \(refused.count - 3) more" : ""
    var verdict = Verdict(
      .failed,
      "\(refused.count) of \(asked.count) scope\(asked.count == 1 ? "" : "s") cannot be read: "
        + names.joined(separator: ", ") + more,
      hint: "let the credential's user read them, or take them out of the connection's scopes"
    )
    switch first.status {
    case 429: verdict.cause = .rateLimit
    case 500...: verdict.cause = .service
    default: verdict.cause = .permission
    }
    verdict.message = "the test passes, but " + verdict.message
    return .failed(verdict)
  }

  /// The service's status for each path; `nil` where DevLake has no way to it, or no answer came.
  private func statuses(of paths: [String]) async -> [Int?] {
    await withTaskGroup(of: (Int, Int?).self) { group in
      var next = 0
      func start() {
        guard next < paths.count else { return }
        let index = next
        next += 1
        group.addTask { (index, await status(of: paths[index])) }
      }
      for _ in 0..<Self.width { start() }
      var found = [Int?](repeating: nil, count: paths.count)
      while let (index, status) = await group.next() {
        found[index] = status
        start()
      }
      return found
    }
  }

  private func status(of path: String) async -> Int? {
    // What gives no answer is told by the list of what there is to collect.
    guard let answer = try? await client.askService(path, of: connection.key), answer.json != nil
    else { return nil }
    return answer.status
  }
}

extension JSONObject {
  /// What the routes of a scope call it.
  func scopeID(_ plugin: PluginDescriptor) -> String? {
    guard let value = plugin.scopeIdField.flatMap({ self[$0] }) else { return nil }
    return value.string ?? value.int.map(String.init)
  }

  /// What people call a scope.
  func scopeName(_ plugin: PluginDescriptor) -> String {
    let names = ["fullName", "pathWithNamespace", "name", "title"]
    return names.lazy.compactMap { self[$0]?.string }.first { !$0.isEmpty }
      ?? scopeID(plugin) ?? "?"
  }
}

extension Verdict {
  /// The same with what the test before it told.
  fileprivate func after(_ verdict: Verdict) -> Verdict {
    var failed = self
    failed.login = verdict.login
    failed.tokens = verdict.tokens
    failed.elapsedMilliseconds = verdict.elapsedMilliseconds
    return failed
  }
}
