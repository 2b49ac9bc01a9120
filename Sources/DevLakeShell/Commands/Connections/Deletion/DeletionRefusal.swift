import DevLakeKit

/// Why DevLake did not delete something, in words and with the names it does not always tell.
struct DeletionRefusal {
  let session: Session
  let change: Change
  /// What depends on the connection; `nil` for a row of which nothing is known.
  let impact: Impact?
  let administrator: Administrator

  /// Explains a failed deletion.
  func failure(_ problem: ChangeProblem) async -> Failure {
    guard let failed = problem.writeError else { return session.failure(problem, of: change) }
    let step = problem.step.flatMap { change.steps.indices.contains($0) ? change.steps[$0] : nil }
    let (what, deed) = subject(of: step)
    var failure = Failure(failed.error, doing: "\(what) was not \(deed)")
    if failed.isOpen {
      failure.diagnostic.message =
        failed.effect == .notYet
        ? "\(failed.error.description); \(what) is not \(deed) yet, but may still be"
        : "\(failed.error.description); it is unknown whether \(what) was \(deed)"
      failure.diagnostic.help = "check with 'impact \(change.title)'"
      failure.leaveUnknown(failed.effect)
    }
    if case .detach? = step {
      if failed.error.status == 400 { failure.diagnostic.help = brokenNeighbour(failed.error) }
      return failure
    }
    guard case .refused(status: 409, let message, let data) = failed.error.kind else {
      if let reason = change.plugin.deletion.impossible { failure.diagnostic.help = reason }
      return failure
    }
    let (reason, help) = await reason(message, data)
    failure.diagnostic.message = "\(what) was not \(deed): \(reason)"
    failure.diagnostic.help = help
    return failure
  }

  private func subject(of step: Change.Step?) -> (what: String, deed: String) {
    switch step {
    case .detach(let blueprint)?: (blueprint.title, "changed")
    case .deleteScope(let scope, _)?: ("scope '\(scope.name)'", "deleted")
    default: (change.title, "deleted")
    }
  }

  /// DevLake makes the plan of a blueprint again and says only which table lacks a row: the connections
  /// whose plugin has that table may be meant.
  private func brokenNeighbour(_ error: APIError) -> String {
    let rest = "DevLake rebuilds its plan and finds another broken connection or scope in it"
    guard
      case .detach(let blueprint)? = change.steps.first(where: {
        if case .detach = $0 { true } else { false }
      }), let key = change.key
    else { return rest }
    let all = blueprint.others(than: key)
    // `*models.GitlabProject not found`.
    let words = error.description.lowercased()
    let named = all.filter { other in words.contains(other.prefix { $0.isLetter }) }
    let others = named.isEmpty ? all : named
    guard !others.isEmpty else { return rest }
    return rest + ": look at " + others.map { "'impact \($0)'" }.joined(separator: ", ")
  }

  private func reason(
    _ message: ServerMessage,
    _ data: JSONValue?
  ) async -> (String, help: String?) {
    let blueprints = data?["blueprints"]?.array?.compactMap(\.string) ?? []
    let projects = data?["projects"]?.array?.compactMap(\.string) ?? []
    if !blueprints.isEmpty || !projects.isEmpty {
      return (
        Self.users(blueprints, projects), "remove it from them first, or use --cascade"
      )
    }
    if message.isAboutScopes {
      return (
        "it still has \(scopes)",
        "delete its scopes first, or use --cascade; the collected data is deleted with them"
      )
    }
    if message.isAboutPipeline {
      let running = await running()
      let names = running.isEmpty ? "a pipeline" : Impact.Pipeline.names(running)
      return (
        "\(names) \(running.count > 1 ? "are" : "is") running in this DevLake",
        "try again when it has finished, or use --wait"
      )
    }
    return (message.line, nil)
  }

  private static func users(_ blueprints: [String], _ projects: [String]) -> String {
    func list(_ names: [String]) -> String {
      names.map { "'\(ServerText.line($0))'" }.joined(separator: ", ")
    }
    var text: [String] = []
    if !blueprints.isEmpty { text.append("blueprint \(list(blueprints))") }
    if !projects.isEmpty { text.append("project \(list(projects))") }
    return text.joined(separator: " of ") + " uses it"
  }

  /// Their names are a help; without them the reason stands all the same.
  private func running() async -> [Impact.Pipeline] {
    guard let key = change.key else { return [] }
    return (try? await administrator.runningPipelines(using: key)) ?? []
  }

  private var scopes: String {
    guard let scopes = impact?.scopes, !scopes.isEmpty else { return "scopes" }
    return scopes.count == 1
      ? "the scope '\(scopes[0].name)'" : "\(scopes.count) scopes: \(Impact.names(scopes))"
  }
}

extension ServerMessage {
  fileprivate var isAboutScopes: Bool { headline.contains("data scope") }

  fileprivate var isAboutPipeline: Bool { headline.contains("pipeline") }
}
