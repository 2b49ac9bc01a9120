import DevLakeKit

/// The verdicts of tests, for programs and people.
struct TestReport {
  struct Entry {
    let key: ConnectionKey
    let name: String
    let verdict: Verdict
  }

  let entries: [Entry]
  /// Whether the one connection was named by `--plugin` and `--id`: the documents' words then do
  /// not repeat its name.
  var isUnnamed = false

  func result(in session: Session) -> CommandResult {
    let failed = entries.filter { $0.verdict.isFailure }
    let output = Output(
      data: .array(entries.map { Self.json($0) }),
      view: .lines(entries.isEmpty ? ["No connections found."] : lines(session)),
      fields: ["plugin", "id", "name", "verdict", "message", "hint", "login", "elapsedMs"]
    )
    var result = CommandResult(output)
    result.notes = entries.flatMap(notes(of:))
    result.remarks = reservations
    guard let first = failed.first else { return result }
    result.exitCode = failed.count < entries.count ? .partial : .failure
    result.error = Diagnostic(
      code: .testFailed,
      message: "\(first.key): \(first.verdict.message)"
        + (failed.count > 1 ? " (and \(failed.count - 1) more)" : ""),
      help: first.verdict.hint
    )
    return result
  }

  /// What a person reads: what failed last, and of several how many did.
  private func lines(_ session: Session) -> [String] {
    let failed = entries.filter { $0.verdict.isFailure }
    let others = entries.filter { !$0.verdict.isFailure }
    let lines = (others + failed).map { line($0, session) }
    guard entries.count > 1 else { return lines }
    let passed = others.count { $0.verdict.outcome == .passed }
    var counts = ["\(passed) passed"]
    if others.count > passed { counts.append("\(others.count - passed) not verified") }
    if !failed.isEmpty { counts.append("\(failed.count) failed") }
    return lines + ["\(entries.count) connections: \(counts.joined(separator: ", "))"]
  }

  /// How to fix what failed, below the verdicts.
  private func notes(of entry: Entry) -> [String] {
    let prefix = entries.count > 1 ? "\(entry.key): " : ""
    let tokens = entry.verdict.tokens.enumerated().map { index, token in
      "   \(prefix)token \(index + 1): \(Self.text(of: token))"
    }
    let all = tokens + Self.warnings(of: entry.verdict, prefix: prefix)
    guard entry.verdict.isFailure, let hint = entry.verdict.hint else { return all }
    return all + ["   💡 \(prefix)\(hint)"]
  }

  /// What is to be said of several tokens together.
  static func warnings(of verdict: Verdict, prefix: String = "") -> [String] {
    verdict.sharedLogins.map { login, numbers in
      "   ⚠️ \(prefix)tokens \(numbers.map(String.init).joined(separator: " and ")) belong to one "
        + "login (\(login)), and so share one rate limit"
    }
  }

  /// What a test that did not fail does not tell, once for all connections of a plugin it is said of.
  private var reservations: [String] {
    var said: [(plugin: String, hint: String, keys: [ConnectionKey])] = []
    for entry in entries where !entry.verdict.isFailure {
      guard var hint = entry.verdict.hint else { continue }
      if entry.verdict.isOnlyReported { hint = "not verified: \(hint)" }
      if let index = said.firstIndex(where: { $0.plugin == entry.key.plugin && $0.hint == hint }) {
        said[index].keys.append(entry.key)
      } else {
        said.append((entry.key.plugin, hint, [entry.key]))
      }
    }
    return said.map { plugin, hint, keys in
      guard entries.count > 1 else { return "   💡 \(hint)" }
      return "   💡 \(keys.count > 1 ? plugin : "\(keys[0])"): \(hint)"
    }
  }

  static func text(of token: Verdict.TokenVerdict) -> String {
    let login = token.login.map { " (login \($0))" } ?? ""
    if token.isPassed {
      let scopes =
        switch token.scopes {
        case .publicOnly?: ", public repositories only"
        case .sufficient?: ", scopes suffice"
        case .unchecked?: ", scopes not checked"
        case .lacking?, nil: ""
        }
      return "passed" + login + scopes
    }
    return "failed\(login): \(token.message.isEmpty ? "not accepted" : token.message)"
  }

  private func line(_ entry: Entry, _ session: Session) -> String {
    let name = isUnnamed && entries.count == 1 ? "" : "\(entry.key) \"\(entry.name)\": "
    return Self.line(entry.verdict, name: name, showsTime: session.scope.showsTimes)
  }

  /// `✅ github/1 "GitHub - my-org": Connection test passed (login octocat, 41 ms)`.
  static func line(_ verdict: Verdict, name: String = "", showsTime: Bool = false) -> String {
    var details = verdict.login.map { ["login \($0)"] } ?? []
    if let reach = verdict.reach { details.append(reach) }
    if showsTime { details.append("\(verdict.elapsedMilliseconds) ms") }
    let end = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
    switch verdict.outcome {
    case .passed: return "✅ \(name)Connection test passed\(end)"
    // What the test does not tell is said below.
    case .unverified where verdict.isOnlyReported:
      return "✅ \(name)Connection test passed\(end)"
    case .failed: return "❌ \(name)Connection test failed: \(verdict.message)"
    case .timeout: return "❌ \(name)Connection test failed: \(verdict.message)"
    case .unverified: return "⚠️ \(name)Connection not verified: \(verdict.message)"
    }
  }

  static func json(_ entry: Entry) -> JSONValue {
    var object = JSONObject([
      ("plugin", .string(entry.key.plugin)), ("id", .integer(entry.key.id)),
      ("name", .string(entry.name)),
    ])
    for member in json(entry.verdict).members { object[member.key] = member.value }
    return .object(object)
  }

  static func json(_ verdict: Verdict) -> JSONObject {
    var object = JSONObject([
      ("verdict", .string(verdict.outcome.rawValue)), ("message", .string(verdict.message)),
      ("hint", verdict.hint.map(JSONValue.string) ?? .null),
    ])
    if let login = verdict.login { object["login"] = .string(login) }
    if let reach = verdict.reach { object["reach"] = .string(reach) }
    if let cause = verdict.cause { object["cause"] = .string(cause.rawValue) }
    if !verdict.tokens.isEmpty {
      object["tokens"] = .array(
        verdict.tokens.enumerated().map { index, token in
          var record: JSONObject = [
            "number": .integer(index + 1),
            "verdict": .string(token.isPassed ? "passed" : "failed"),
            "message": .string(token.message),
          ]
          if let login = token.login { record["login"] = .string(login) }
          if token.isLimited { record["publicOnly"] = true }
          if let scopes = token.scopes { record["scopes"] = .string(scopes.rawValue) }
          return .object(record)
        }
      )
    }
    object["elapsedMs"] = .integer(verdict.elapsedMilliseconds)
    return object
  }
}
