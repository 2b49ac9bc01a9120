import DevLakeKit

extension Session {
  /// Why a connection is not changed as it was wanted, and what to do about it.
  ///
  /// - Parameter given: Where the connection was named.
  func failure(
    _ problem: ChangeProblem,
    of change: Change,
    at given: ArgumentValue? = nil
  ) -> Failure {
    let title = change.title
    switch problem.code {
    case .testFailed:
      let verdict = problem.verdict
      return Failure(
        Diagnostic(
          code: .testFailed,
          message: "\(title): nothing was saved: \(verdict?.message ?? "")",
          help: verdict?.hint
        ),
        exitCode: .failure
      )
    case .retestFailed:
      return Failure(
        Diagnostic(
          code: .testFailed,
          message: "\(title) was saved, but its test fails: \(problem.verdict?.message ?? "")",
          help: problem.verdict?.hint
        ),
        exitCode: .failure
      )
    case .interrupted: return .interrupted
    case .untested:
      guard let error = problem.error else { break }
      return unread(error, change, given)
    case .unreadable:
      guard let error = problem.error else { break }
      return unread(error, change, given)
        .saying(change.action == .delete ? "nothing was deleted" : "nothing was saved")
    case .gone:
      return .notFound("no connection \(title); nothing was saved", at: given)
    case .changedMeanwhile:
      let names = problem.fields.isEmpty ? "" : " (\(problem.fields.joined(separator: ", ")))"
      return .conflict(
        "\(title) was changed by someone else in the meantime\(names); nothing was saved",
        help: "check with 'show \(title)', then try again"
      )
    case .secretMeanwhile: return .secretChangedMeanwhile(title, allowsOverwriting: true)
    case .write:
      guard let failed = problem.writeError else { break }
      return change.action == .create
        ? .uncreated(
          failed,
          Failure(failed.error, doing: title),
          change.name,
          of: change.plugin,
          at: given
        ) : .unchanged(failed, title)
    case .notTaken:
      return Failure(
        Diagnostic(
          code: .refused,
          message: "\(title): DevLake accepted the change but ignored "
            + problem.fields.joined(separator: ", "),
          help: change.key.map { "check with 'show \($0)'" }
        ),
        exitCode: .failure
      )
    case .journal: return .unaudited(problem.journal?.description ?? "")
    case .stopped:
      if let error = problem.error { return Failure(error, doing: "\(title) was not tried") }
    case .pipelines:
      return Failure(
        Diagnostic(
          code: .timeout,
          message: "\(Impact.Pipeline.names(problem.pipelines)) is still running after "
            + "\(problem.waited?.seconds ?? "0") s",
          help: "wait longer with --timeout SECONDS, or cancel it in config-ui"
        ),
        exitCode: .timeout
      )
    default: break
    }
    return Failure(
      Diagnostic(code: .refused, message: "\(title): \(problem.sentence(about: change))"),
      exitCode: .failure
    )
  }

  private func unread(_ error: APIError, _ change: Change, _ given: ArgumentValue?) -> Failure {
    guard let before = change.before else {
      return error.kind == .noRoute
        ? listFailure(error, change.plugin, given) : Failure(error, doing: change.plugin.id)
    }
    return missing(error, target(before), given)
  }
}

extension Failure {
  /// That someone else has changed something that cannot be seen: only a secret cannot.
  static func secretChangedMeanwhile(_ title: String, allowsOverwriting: Bool) -> Failure {
    .conflict(
      "\(title) was changed by someone else in the meantime and shows no other change, so its secret may be "
        + "a different one; nothing was saved",
      help: "ask who changed it, then try again"
        + (allowsOverwriting ? ", or with --overwrite to replace what they saved" : "")
    )
  }
}
