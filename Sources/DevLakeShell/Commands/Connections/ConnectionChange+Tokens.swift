import DevLakeKit

/// Several tokens of one connection.
extension ConnectionChange {
  /// Which of the new tokens the test did not accept, each named by what the person gave.
  func refusedTokens(_ verdict: Verdict) -> [String] {
    verdict.tokens.filter { !$0.isPassed }.sorted { $0.position < $1.position }.map { token in
      let name: String
      if let names = replacement?.names, names.indices.contains(token.position - 1) {
        name = names[token.position - 1]
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
    _ saved: Connection,
    _ verdict: Verdict?
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
      let tokens = verdict?.pool == pool ? verdict?.tokens ?? [] : []
      let test = tokens.indices.contains(index) ? ", " + TestReport.text(of: tokens[index]) : ""
      entry.lines.append("   token \(index + 1): \(text)\(test)")
    }
    if let verdict, verdict.pool == pool { entry.notes += TestReport.warnings(of: verdict) }
    guard !replacement.tokens.isDone(in: pool) else { return }
    unexpected("DevLake has other tokens than those that were kept and given", &entry)
  }

  private func unexpected(_ reason: String, _ entry: inout ChangeReport.Entry) {
    entry.action = .failed
    entry.lines.removeAll { $0.contains("✅") }
    entry.message = "saved, but \(reason)"
    entry.lines.append("❌ \(connection.key) was saved, but \(reason)")
    entry.failure = Failure(
      Diagnostic(
        code: .refused,
        message: "\(connection.key) was saved, but \(reason)",
        help: "'test \(connection.key)' shows them; set all of them again with --token TOKEN,TOKEN"
      ),
      exitCode: .failure
    )
  }
}

extension Signature.Option {
  static let overwrite = Signature.Option(
    name: "overwrite",
    kind: .flag,
    help: "save even if someone else may have changed the secret in the meantime"
  )
}
