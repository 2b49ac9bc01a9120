import DevLakeKit

extension ConnectionDraft {
  /// The connection as it is tested and sent.
  func change(tests: Bool) -> Change {
    var change = Change.creation(body, of: plugin, tests: tests)
    change.expires = expires
    return change
  }
}

extension ConnectionDraft {
  /// The connection of that name, if DevLake has one; names that differ by trailing blanks count as
  /// the same, as on MySQL, and one that differs by letter case is warned about.
  func existing() async throws(Failure) -> Connection? {
    let connections = try await session.connections(of: plugin, at: call.option("plugin"))
    if let found = connections.first(where: { ConnectionName.collides($0.name, name) }) {
      return found
    }
    if let near = connections.first(where: { ConnectionName.resembles($0.name, name) }) {
      session.conversation.warn(
        "\(near.key) is named \"\(ServerText.line(near.name))\", which differs only in case"
      )
    }
    return nil
  }

  func nameTaken(by existing: Connection) -> Failure {
    .conflict(
      "\(existing.key) is named \"\(ServerText.line(existing.name))\" already",
      at: call.option("name") ?? call.whole,
      help: "choose another name with --name, or use --if-not-exists"
    )
  }

  func skipped(_ existing: Connection) -> ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: plugin.id,
      id: existing.key.id,
      name: existing.name,
      action: .skipped,
      message: "it exists",
      lines: ["✅ \(existing.key) \"\(existing.name)\" already exists, nothing to do"]
    )
  }

  /// A test that failed: nothing is saved.
  func untested(_ verdict: Verdict, _ lines: [String]) -> CommandResult {
    var entry = ChangeReport.Entry(
      plugin: plugin.id,
      name: name,
      action: .failed,
      message: verdict.message,
      lines: lines
    )
    entry.test = verdict
    entry.failure = Failure(
      Diagnostic(
        code: .testFailed,
        message: "nothing was saved: \(verdict.message)",
        help: verdict.hint
      ),
      exitCode: .failure
    )
    entry.notes = verdict.hint.map { ["   💡 \($0)"] } ?? []
    entry.notes.append("   nothing was saved; --no-test saves without a test")
    var result = ChangeReport(entries: [entry], place: session.placeOfChanges).result
    result.isUntouched = true
    return result
  }

  /// Why it was not made, in words.
  func failure(_ problem: ChangeProblem, of change: Change) async -> Failure {
    guard let failed = problem.writeError else {
      if problem.code == .untested, let error = problem.error { return refused(error) }
      return session.failure(problem, of: change)
    }
    if case .poisoned = failed.effect {
      var failure = await session.brokenListFailure(failed.error, plugin)
      failure.diagnostic.message =
        "DevLake failed and stored a connection that breaks its list: "
        + failure.diagnostic.message
      return failure
    }
    return .uncreated(
      failed,
      refused(failed.error),
      name,
      of: plugin,
      at: call.option("name") ?? call.whole
    )
  }

  private func refused(_ error: APIError) -> Failure {
    if error.kind == .noRoute { return session.listFailure(error, plugin, call.option("plugin")) }
    return Failure(error, doing: plugin.id)
  }
}
