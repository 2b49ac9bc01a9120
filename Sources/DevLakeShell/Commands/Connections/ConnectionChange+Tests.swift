import DevLakeKit

/// The tests before and after a change.
extension ConnectionChange {
  func needsTest(_ effective: RequestBody) -> Bool {
    tests && Self.needsTest(effective, of: plugin)
  }

  /// Whether something changes that a test can judge.
  static func needsTest(_ changes: RequestBody, of plugin: PluginDescriptor) -> Bool {
    guard plugin.test.isAvailable else { return false }
    return changes.holdsSecret || changes.members.contains { tested.contains($0.name) }
  }

  func pretest(
    _ effective: RequestBody,
    _ administrator: Administrator
  ) async throws(Failure) -> Verdict {
    let secret = plugin.fields.first { $0.isSecret && effective[$0.name] != nil }
    let noun = secret.map(plugin.secretNoun(of:)) ?? plugin.secretNoun
    let what = action == .rotated ? "the new \(noun)" : "connection"
    session.conversation.note("   🔑 Testing \(what)...")
    do throws(APIError) {
      return try await administrator.test(
        connection,
        replacing: plugin.candidate(in: effective),
        of: plugin
      )
    } catch {
      throw session.missing(
        error,
        session.target(connection),
        call.whole
      )
    }
  }

  /// Whether what was tested still holds after somebody else's change of a field.
  func isHarmless(_ field: String, _ effective: RequestBody) -> Bool {
    switch effective[field] {
    case .json?: true
    case .secret?: call.flag("overwrite") && replacement == nil
    case nil: !["endpoint", "authMethod"].contains(field)
    }
  }

  func testAgain(
    _ now: Connection,
    _ effective: RequestBody,
    _ administrator: Administrator
  ) async throws(Failure) {
    let verdict: Verdict
    do throws(APIError) {
      verdict = try await administrator.test(
        now,
        replacing: plugin.candidate(in: effective),
        of: plugin
      )
    } catch {
      throw session.missing(error, session.target(now))
    }
    guard verdict.isFailure else { return }
    throw Failure(
      Diagnostic(
        code: .testFailed,
        message: "\(connection.key): nothing was saved: \(verdict.message)",
        help: verdict.hint
      ),
      exitCode: .failure
    )
  }

  /// The saved connection must pass, too: DevLake may have stored something else than was tested.
  func retest(
    _ entry: inout ChangeReport.Entry,
    _ saved: Connection,
    _ administrator: Administrator
  ) async throws(Failure) {
    do throws(APIError) {
      let verdict = try await administrator.test(
        connection.key.id,
        of: plugin,
        endpoint: saved.endpoint,
        authMethod: saved.authMethod
      )
      entry.test = verdict
      if verdict.isFailure {
        entry.message = "saved, but the saved connection fails its test: \(verdict.message)"
        entry.lines.append("   " + TestReport.line(verdict))
        entry.action = .failed
        entry.failure = Failure(
          Diagnostic(
            code: .testFailed,
            message: "\(connection.key) was saved, but fails its test: \(verdict.message)",
            help: verdict.hint
          ),
          exitCode: .failure
        )
      } else {
        entry.lines.insert("   " + TestReport.line(verdict), at: 0)
        if let hint = verdict.hint { entry.notes.append("   💡 \(hint)") }
      }
    } catch {
      entry.message = "saved, but not tested again: \(error.description)"
      session.conversation.warn("\(connection.key) was saved, but not tested again: \(error)")
    }
  }
}

/// Several tokens of one connection.
extension ConnectionChange {
  /// Which of the new tokens the test did not accept, each named by what the person gave.
  func refusedTokens(_ verdict: Verdict) -> [String] {
    verdict.tokens.filter { !$0.isPassed }.sorted { $0.position < $1.position }.map { token in
      let name: String
      if let numbers = replacement?.numbers, numbers.indices.contains(token.position - 1) {
        name = "the new token \(numbers[token.position - 1])"
      } else {
        name = "token \(token.position) of the \(verdict.tokens.count) given"
      }
      return "   \(name): \(TestReport.text(of: token))"
    }
  }

  /// Compares what DevLake has with what was to be kept and replaced, and shows the new numbers.
  func account(
    for replacement: Replacement,
    _ entry: inout ChangeReport.Entry,
    _ saved: Connection
  ) {
    let key = connection.key
    guard let pool = saved.tokenPool(in: replacement.field) else {
      return unexpected("DevLake shows no tokens", &entry)
    }
    session.noteShown(pool, of: key)
    for (index, fate) in replacement.tokens.fates(in: pool).enumerated() {
      let text =
        switch fate {
        case .kept(let number) where number == index + 1: "kept"
        case .kept(let number): "kept, was token \(number)"
        case .new: "new"
        case .unexpected: "neither kept nor new"
        }
      entry.lines.append("   token \(index + 1): \(text)")
    }
    guard !replacement.tokens.isDone(in: pool) else { return }
    unexpected("DevLake has other tokens than those that were kept and given", &entry)
  }

  private func unexpected(_ reason: String, _ entry: inout ChangeReport.Entry) {
    entry.action = .failed
    entry.message = "saved, but \(reason)"
    entry.lines.append("❌ \(connection.key) was saved, but \(reason)")
    entry.failure = Failure(
      Diagnostic(
        code: .refused,
        message: "\(connection.key) was saved, but \(reason)",
        help: "'test \(connection.key)' shows them; give all of them anew with --token TOKEN,TOKEN"
      ),
      exitCode: .failure
    )
    session.audit(entry, command: call.signature.name)
  }
}

extension Failure {
  /// That somebody else has changed something that cannot be seen: only a secret cannot.
  static func secretChangedMeanwhile(_ key: ConnectionKey, allowsOverwriting: Bool) -> Failure {
    .conflict(
      "\(key) was changed by somebody else meanwhile and shows nothing new, so its secret may be "
        + "another one; nothing was saved",
      help: "ask who did it, then do it again"
        + (allowsOverwriting ? ", or with --overwrite to replace what they saved" : "")
    )
  }
}

extension Signature.Option {
  static let overwrite = Signature.Option(
    name: "overwrite",
    kind: .flag,
    help: "save although somebody else may have changed the secret meanwhile"
  )
}
