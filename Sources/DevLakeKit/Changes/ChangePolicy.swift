/// How changes are carried out.
public struct ChangePolicy: Sendable {
  /// What a failed test of one candidate means for the others.
  public enum Admission: Sendable, Equatable {
    /// Nothing is written unless all pass.
    case allOrNothing
    /// Those that pass are written.
    case partial
    /// Nothing is tested.
    case untested
  }

  /// What a failed test means for the others.
  public var admission = Admission.allOrNothing
  /// How many connections are tested, or written, at once.
  public var parallel = 16
  /// Whether a write of which nobody knows what became of it keeps those from being written that have
  /// not begun.
  public var stopsAtUnknown = false
  /// How long a deletion waits for running pipelines to end; `nil`: it does not.
  public var pipelinePatience: Duration?

  /// Whether the journal also keeps that there was nothing to do.
  public var notesUnchanged = false

  /// All or nothing, 16 at once.
  public init() {}
}
