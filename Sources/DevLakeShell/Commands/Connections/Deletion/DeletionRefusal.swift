import DevLakeKit

/// Why DevLake did not delete something, in words and with the names it does not always tell.
struct DeletionRefusal {
  let target: Selection.Target
  let impact: Impact
  let administrator: Administrator

  /// Explains a failed deletion.
  ///
  /// - Parameter what: What was not deleted, as `github/1`.
  func failure(_ failed: WriteError, of what: String) async -> Failure {
    var failure = Failure(failed.error, doing: "\(what) was not deleted")
    if failed.isOpen {
      failure.diagnostic.message =
        failed.effect == .notYet
        ? "\(failed.error.description); \(what) is not deleted so far, and may be yet"
        : "\(failed.error.description); whether \(what) was deleted is not known"
      failure.diagnostic.help = "look with 'impact \(target.key)'"
      failure.leavesUnknown = true
    }
    guard case .refused(status: 409, let message, let data) = failed.error.kind else {
      if let reason = target.plugin.deletion.impossible { failure.diagnostic.help = reason }
      return failure
    }
    let (reason, help) = await reason(message, data)
    failure.diagnostic.message = "\(what) was not deleted: \(reason)"
    failure.diagnostic.help = help
    return failure
  }

  private func reason(
    _ message: ServerMessage,
    _ data: JSONValue?
  ) async -> (String, help: String?) {
    let blueprints = data?["blueprints"]?.array?.compactMap(\.string) ?? []
    let projects = data?["projects"]?.array?.compactMap(\.string) ?? []
    if !blueprints.isEmpty || !projects.isEmpty {
      return (
        Self.users(blueprints, projects), "take it out of them first, or give --cascade"
      )
    }
    if message.isAboutScopes {
      return (
        "it still has \(scopes)",
        "delete its scopes first, or give --cascade; the collected data goes with them"
      )
    }
    if message.isAboutPipeline {
      // Their names are a help; without them the reason stands all the same.
      // DevLake has refused already; which pipelines run only makes its answer clearer.
      let running = (try? await administrator.runningPipelines(using: target.key)) ?? []
      let names = running.isEmpty ? "a pipeline" : PipelineWait.names(running)
      return (
        "\(names) \(running.count > 1 ? "are" : "is") running in this DevLake",
        "try again when it has ended, or give --wait"
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

  private var scopes: String {
    guard let scopes = impact.scopes, !scopes.isEmpty else { return "scopes" }
    return scopes.count == 1
      ? "the scope '\(scopes[0].name)'" : "\(scopes.count) scopes: \(ImpactReport.names(scopes))"
  }
}

extension ServerMessage {
  fileprivate var isAboutScopes: Bool { headline.contains("data scope") }
  /// Whether it speaks of a running pipeline.
  var isAboutPipeline: Bool { headline.contains("pipeline") }
}

extension WriteError {
  /// Whether a running pipeline stands against it.
  var isAboutPipeline: Bool {
    if case .refused(status: 409, let message, _) = error.kind {
      message.isAboutPipeline
    } else {
      false
    }
  }
}
