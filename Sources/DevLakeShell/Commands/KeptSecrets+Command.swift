extension KeptSecrets {
  /// Does the work of a command, and sees in the end, whatever that is, to what was made and not saved.
  static func around(
    _ call: Call,
    _ session: Session,
    _ work: () async throws(Failure) -> CommandResult
  ) async throws(Failure) -> CommandResult {
    let kept = try KeptSecrets(call, session)
    session.hold(kept)
    defer { session.hold(nil) }
    do throws(Failure) {
      var result = try await work()
      result.notes += await kept.settle(session)
      return result
    } catch {
      for note in await kept.settle(session) { session.conversation.note(note) }
      throw error
    }
  }
}
