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
      return try await administrator.test(connection, replacing: effective, of: plugin)
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
    case .secret?: false
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
      verdict = try await administrator.test(now, replacing: effective, of: plugin)
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
