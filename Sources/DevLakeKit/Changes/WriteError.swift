/// A write that failed, and what is known of its effect.
public struct WriteError: Error, Sendable {
  /// What happened to the request.
  public let error: APIError
  /// What is known.
  public let effect: Effect

  /// What is known of a failed write's effect.
  @nonexhaustive
  public enum Effect: Sendable, Equatable {
    /// DevLake has nothing of it.
    case none
    /// DevLake has nothing of it so far, and may still be at it: nobody waited for the end.
    case notYet
    /// DevLake could not be asked.
    case unknown
    /// A row is there that breaks the plugin's list; its number, where it could be found.
    case poisoned(id: Int?)
    /// A connection of that name is there already.
    case nameTaken
  }
}

extension APIError {
  /// What it means that DevLake has nothing of a write that ended with this error: who did not wait
  /// for the answer cannot know that DevLake has given up, too.
  var absence: WriteError.Effect {
    switch kind {
    case .transport(.timedOut), .transport(.cancelled): .notYet
    default: .none
    }
  }
}

extension WriteError {
  /// Whether nobody can say if the write is done, or will be.
  public var isOpen: Bool { effect == .unknown || effect == .notYet }
}
