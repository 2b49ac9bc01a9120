/// What became of one change.
public struct ChangeOutcome: Sendable {
  /// What a change ended in.
  public enum State: String, Sendable {
    /// There was nothing to do.
    case unchanged
    /// DevLake has what was wanted.
    case done
    /// It does not have it, or not all of it; ``ChangeOutcome/problem`` says why.
    case failed
    /// Nobody can say whether it has it.
    case unknown
    /// Nothing of it was sent.
    case skipped
  }

  /// What it ended in.
  public internal(set) var state = State.skipped
  /// What the test of the candidate said.
  public internal(set) var test: Verdict?
  /// What the test of the saved connection said.
  public internal(set) var retest: Verdict?
  /// Why it is not done; `nil` when it is.
  public internal(set) var problem: ChangeProblem?
  /// The connection as DevLake has it afterwards, where that is known.
  public internal(set) var connection: Connection?
  /// What happened on the way.
  public internal(set) var notes: [ChangeNote] = []
  /// How many steps are done, those someone else had done among them.
  public internal(set) var stepsDone = 0
  /// What the steps have changed besides the connection, one for each that is done.
  public internal(set) var stepChanges: [FieldChange] = []
  /// The answer to a request that has no step of its own.
  public internal(set) var answer: RouteAnswer?
  /// Whether all that was to be written is written, although a later test may have failed.
  public internal(set) var isWritten = false

  /// What the journal calls the last write.
  var attempt: String?

  init() {}

  /// That of a change which is not tried yet.
  public static let untried = ChangeOutcome()

  init(_ state: State, _ problem: ChangeProblem? = nil) {
    self.state = state
    self.problem = problem
  }

  mutating func fail(_ problem: ChangeProblem) {
    self.problem = problem
    state = problem.isOpen ? .unknown : .failed
  }

  mutating func skip(_ problem: ChangeProblem) {
    self.problem = problem
    state = .skipped
  }

  /// The last test.
  public var verdict: Verdict? { retest ?? test }
}

/// What became of all changes, in the order in which they were asked for.
public struct ChangeResults: Sendable {
  /// The changes with what became of them.
  public let results: [(change: Change, outcome: ChangeOutcome)]
  /// Whether the caller gave up before the end.
  public let wasInterrupted: Bool
  /// Why the journal does not have all of it; `nil` when it does.
  public let journalProblem: JournalError?

  /// Whether nothing was sent that changes anything.
  public var isUntouched: Bool {
    results.allSatisfy {
      [.skipped, .unchanged].contains($0.outcome.state) || !$0.outcome.wasBegun
    }
  }

  /// Whether everything is as it was wanted.
  public var isDone: Bool {
    results.allSatisfy { [.done, .unchanged].contains($0.outcome.state) }
  }
}

extension ChangeOutcome {
  /// Whether a write of it was sent.
  public var wasBegun: Bool {
    if isWritten || stepsDone > 0 || state == .unknown { return true }
    guard let problem, problem.step != nil else { return false }
    return problem.code != .journal
  }
}
