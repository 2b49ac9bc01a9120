/// A problem as the journal, and a program without words of its own, tells it.
extension ChangeProblem {
  /// What happened, one line, about a change.
  public func sentence(about change: Change, step: Int? = nil) -> String {
    switch code {
    case .testFailed: return "nothing was saved: \(verdict?.message ?? "the test failed")"
    case .untested: return "not tested: \(reason)"
    case .otherFailed: return "not saved because another candidate failed"
    case .interrupted:
      return self.step == nil ? "not begun: interrupted before" : "interrupted"
    case .stopped: return "not begun: \(reason)"
    case .unreadable: return "\(reason); nothing was changed"
    case .gone: return "it no longer exists; nothing was changed"
    case .changedMeanwhile:
      let names = fields.isEmpty ? "" : " (\(fields.joined(separator: ", ")))"
      return "changed by someone else in the meantime\(names); nothing was saved"
    case .secretMeanwhile:
      return "someone else set another secret in the meantime; nothing was saved"
    case .write: return written(about: change, step: step ?? self.step)
    case .notTaken:
      return "DevLake accepted the request but ignored: \(fields.joined(separator: ", "))"
    case .retestFailed:
      return "saved, but the saved connection fails its test: \(verdict?.message ?? "")"
    case .journal: return "not sent: \(reason)"
    case .pipelines:
      let names = pipelines.map { "'\(ServerText.line($0.name))'" }.joined(separator: ", ")
      return "a pipeline is still running: \(names)"
    default: return reason
    }
  }

  private var reason: String {
    error?.description ?? journal?.description ?? code.rawValue
  }

  private func written(about change: Change, step index: Int?) -> String {
    let step = index.flatMap { change.steps.indices.contains($0) ? change.steps[$0] : nil }
    let (what, deed): (String, String)
    switch step {
    case .create?: (what, deed) = ("the connection", "created")
    case .delete?: (what, deed) = (change.title, "deleted")
    case .detach(let blueprint)?: (what, deed) = (blueprint.title, "changed")
    case .deleteScope(let scope, _)?: (what, deed) = ("scope '\(scope.name)'", "deleted")
    case .send(let request, _)?:
      (what, deed) = ("\(request.method) \(request.shown)", "carried out")
    case .patch?, nil: (what, deed) = (change.title, "changed")
    }
    switch effect {
    case .unknown?: return "\(reason); it is unknown whether \(what) was \(deed)"
    case .notYet?: return "\(reason); \(what) is not \(deed) yet, but may still be"
    case .nameTaken?:
      return "\(reason); a connection named \"\(ServerText.line(change.name))\" exists now"
    case .poisoned?: return "\(reason); a row that breaks the plugin's list may be stored"
    case .none?, nil: return "\(reason); \(what) was not \(deed)"
    }
  }

  /// Whether DevLake refused because something stands against it.
  private var isRefusal: Bool {
    guard [.write, .unreadable].contains(code), !isOpen,
      case .refused(status: 409, _, _)? = error?.kind
    else { return false }
    return true
  }

  /// What the journal calls a change that ended so.
  var action: String { isRefusal ? "refused" : "failed" }

  /// How the journal calls it.
  var outcome: ChangeRecord.Outcome {
    if isRefusal { return .refused }
    switch code {
    case .otherFailed, .stopped: return ChangeRecord.Outcome.none
    case .interrupted: return step == nil ? ChangeRecord.Outcome.none : .interrupted
    case .write:
      guard isOpen else { return .failed }
      return effect == .notYet && error?.isCancellation == true ? .interrupted : .unknown
    default: return .failed
    }
  }
}
