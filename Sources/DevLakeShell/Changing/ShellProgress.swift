import DevLakeKit
import Synchronization

/// Shows a person how far changes are, and says what happens on the way.
final class ShellProgress: ChangeProgress {
  private let conversation: any Conversation
  private let wait: @Sendable (Duration) async throws -> Void
  private let announcement: @Sendable ([Change]) -> String?
  private let issued: IssuedSecrets?
  private let said = Mutex<Set<String>>([])

  /// - Parameters:
  ///   - issued: Where secrets go that come with new connections.
  ///   - announcement: What is said before candidates are tested.
  init(
    _ session: Session,
    issued: IssuedSecrets? = nil,
    announcement: @escaping @Sendable ([Change]) -> String?
  ) {
    conversation = session.conversation
    wait = session.world.pause
    self.issued = issued
    self.announcement = announcement
  }

  func begins(_ phase: ChangePhase, with changes: [Change]) {
    guard !changes.isEmpty else { return }
    if phase == .testing, let text = announcement(changes) { conversation.note(text) }
    conversation.progress?.expect(changes.map(\.title))
  }

  func ends(_ phase: ChangePhase, of change: Change, _ outcome: ChangeOutcome) {
    if phase == .writing { issued?.keep(change, outcome) }
    conversation.progress?.finish(change.title)
  }

  func notes(_ note: ChangeNote, of change: Change) {
    switch note {
    case .lookedUp(let step): warn("DevLake's answer was lost; \(Self.found(step, change))")
    case .stepDone(let step):
      conversation.note("   ✅ \(step + 1). \(change.text(of: change.steps[step]))")
    case .keptOthers(let fields):
      warn(
        "\(change.title) was changed by someone else in the meantime (\(fields.joined(separator: ", "))); "
          + "those changes are kept"
      )
    case .overwroteSecret:
      warn(
        "\(change.title) was changed by someone else in the meantime, perhaps its secret; --overwrite "
          + "replaces it"
      )
    case .notRetested(let error):
      warn("\(change.title) was saved, but not tested again: \(error)")
    case .wasGone: warn("\(change.title) was gone already")
    case .waits(let pipelines, let patience):
      let names = Impact.Pipeline.names(pipelines)
      conversation.progress?.expect([names])
      let text = "   ⏳ Waiting for \(names) to end, at most \(patience.seconds) s..."
      if said.withLock({ $0.insert(text).inserted }) { conversation.note(text) }
    }
  }

  func pause(_ duration: Duration) async throws { try await wait(duration) }

  private func warn(_ text: String) { conversation.warn(text) }

  /// What a look-up showed.
  private static func found(_ step: Int, _ change: Change) -> String {
    switch change.steps[step] {
    case .create: "the connection was looked up and is there"
    case .patch: "\(change.title) was looked up and is changed"
    case .delete: "\(change.title) was looked up and is gone"
    case .detach(let blueprint): "\(blueprint.title) was looked up and is changed"
    case .deleteScope(let scope, _): "scope '\(scope.name)' was looked up and is gone"
    case .send: "the connection was looked up and is up to date"
    }
  }
}

extension Impact.Pipeline {
  /// The names of a few, and that there are more.
  static func names(_ pipelines: [Impact.Pipeline]) -> String {
    let names = pipelines.prefix(3).map { "'\(ServerText.line($0.name))'" }.joined(separator: ", ")
    return (pipelines.count == 1 ? "pipeline " : "pipelines ") + names
      + (pipelines.count > 3 ? ", …" : "")
  }
}
