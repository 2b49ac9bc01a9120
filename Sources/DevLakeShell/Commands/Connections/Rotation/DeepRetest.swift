import DevLakeKit

/// What the new secrets can collect, asked after they were saved: `rotate --deep`.
struct DeepRetest {
  let session: Session
  let call: Call

  /// What was found of each change that is written and whose test passed; `nil` for the others, and
  /// where it was not asked for.
  func verdicts(of results: ChangeResults) async throws(Failure) -> [Verdict?] {
    let count = results.results.count
    guard call.flag("deep"), !results.wasInterrupted else {
      return [Verdict?](repeating: nil, count: count)
    }
    let administrator = try await session.administrator()
    let asked = results.results
    return await inParallel(
      asked,
      atMost: call.integer("parallel") ?? session.settings.parallel,
      showing: session.conversation.progress,
      named: asked.map(\.change.title)
    ) { change, outcome in
      guard outcome.isWritten, outcome.problem == nil, let connection = outcome.connection,
        let retest = outcome.retest
      else { return nil }
      let deep = await Result(awaiting: { () async throws(APIError) in
        try await administrator.deepened(retest, of: connection, change.plugin)
      })
      switch deep {
      case .success(let verdict): return verdict
      case .failure(let error):
        return Verdict(.unverified, "what it can collect is not known: \(error.description)")
      }
    }
  }
}

extension ChangeReport.Entry {
  /// Takes what a new secret can collect; one that was saved and cannot is a failure.
  mutating func take(deep verdict: Verdict) {
    test = verdict
    guard verdict.isFailure else {
      if verdict.outcome == .unverified { message = verdict.message }
      return
    }
    action = .failed
    message = "saved, but \(verdict.message)"
    failure = Failure(
      Diagnostic(
        code: .testFailed,
        message: "\(plugin)/\(id ?? 0): the new secret is saved, but \(verdict.message)",
        help: verdict.hint
      ),
      exitCode: .failure
    )
  }
}
