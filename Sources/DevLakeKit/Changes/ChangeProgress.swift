/// Is told how far the changes are; every method may be called from any task.
public protocol ChangeProgress: Sendable {
  /// A phase begins with these changes, none where there is nothing to do in it.
  func begins(_ phase: ChangePhase, with changes: [Change])
  /// A change is through a phase.
  func ends(_ phase: ChangePhase, of change: Change, _ outcome: ChangeOutcome)
  /// Something is worth saying at once.
  func notes(_ note: ChangeNote, of change: Change)
  /// Waits that long; throws when the task is cancelled in the meantime.
  func pause(_ duration: Duration) async throws
}

extension ChangeProgress {
  /// Says nothing.
  public func begins(_ phase: ChangePhase, with changes: [Change]) {}
  /// Says nothing.
  public func ends(_ phase: ChangePhase, of change: Change, _ outcome: ChangeOutcome) {}
  /// Says nothing.
  public func notes(_ note: ChangeNote, of change: Change) {}
  /// Sleeps.
  public func pause(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// Progress nobody looks at.
public struct NoProgress: ChangeProgress {
  /// Says nothing to nobody.
  public init() {}
}

/// What is done with all changes before the next is done with any.
public enum ChangePhase: Sendable, Equatable {
  /// The candidates are tested.
  case testing
  /// DevLake is written to.
  case writing
  /// What was saved is tested.
  case retesting
}

/// Something that happened on the way and does not end a change.
public enum ChangeNote: Sendable, Equatable {
  /// DevLake's answer to a write was lost, or was another one; the look-up showed that it is done.
  case lookedUp(step: Int)
  /// It was to be deleted and was gone already.
  case wasGone
  /// A step of several is done.
  case stepDone(Int)
  /// Someone else has changed these fields since the change was planned; they are kept.
  case keptOthers(fields: [String])
  /// Someone else has set a secret in the meantime, which is replaced.
  case overwroteSecret
  /// What was saved could not be tested.
  case notRetested(APIError)
  /// Waits for pipelines that run.
  case waits(pipelines: [Impact.Pipeline], patience: Duration)
}
