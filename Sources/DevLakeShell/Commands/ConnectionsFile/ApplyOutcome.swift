import DevLakeKit

/// What became of one change of a plan.
struct ApplyOutcome: Sendable {
  /// The states a change ends in.
  enum State: Sendable {
    /// There was nothing to do.
    case unchanged
    case done
    /// DevLake was asked and it went wrong, or it was not asked because something stood against it.
    case failed(Failure)
    /// Something before it went wrong.
    case notDone
  }

  var state: State
  /// The connection's number, once it has one.
  var id: Int?
  /// The last test of it.
  var test: Verdict?
  /// What is to be said besides.
  var message: String?

  var isDone: Bool {
    switch state {
    case .unchanged, .done: true
    case .failed, .notDone: false
    }
  }

  var isFailure: Bool { failure != nil }

  var failure: Failure? { if case .failed(let failure) = state { failure } else { nil } }

  /// What programs read.
  var name: String {
    switch state {
    case .unchanged: "unchanged"
    case .done: "done"
    case .failed: "failed"
    case .notDone: "not-done"
    }
  }
}
