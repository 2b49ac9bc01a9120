import DevLakeKit
import Synchronization

@testable import DevLakeShell

/// A conversation with a person whose answers are known beforehand.
final class ScriptedConversation: Conversation {
  /// What the person does when asked.
  enum Answer: Sendable, ExpressibleByStringLiteral {
    case text(String)
    /// Something happens while the question stands, then this is answered.
    case after(@Sendable () -> String)
    /// Ctrl-D.
    case end
    /// Ctrl-C.
    case interrupt

    init(stringLiteral value: String) { self = .text(value) }
  }

  /// Writes notes as the program does; it is never asked.
  private let notes: ConsoleConversation
  private let answers: Mutex<[Answer]>
  private let asked = Mutex<[String]>([])
  let canAsk: Bool

  init(_ console: Console, _ settings: Settings, _ answers: [Answer]?) {
    canAsk = answers != nil
    self.answers = Mutex(answers ?? [])
    notes = ConsoleConversation(
      console: console,
      medium: .file,
      isQuiet: settings.isQuiet,
      writesJSON: settings.format.isJSON,
      terminal: nil
    )
  }

  var questions: [String] { asked.withLock { $0 } }

  /// The terminal of this person shows a secret nowhere else.
  func showOnce(_ secret: Secret, as label: String) -> Bool {
    guard canAsk else { return false }
    asked.withLock { $0.append("\(label) \(secret.reveal { $0 })") }
    return true
  }

  func ask(_ question: String) async throws(Failure) -> String? {
    guard canAsk else { return try await notes.ask(question) }
    asked.withLock { $0.append(question) }
    switch answers.withLock({ $0.isEmpty ? .end : $0.removeFirst() }) {
    case .text(let text): return text
    case .after(let happens): return happens()
    case .end: return nil
    case .interrupt: throw .interrupted
    }
  }

  func askSecret(_ question: String) async throws(Failure) -> Secret? {
    try await ask(question).flatMap { $0.isEmpty ? nil : Secret($0) }
  }

  func note(_ text: String) { notes.note(text) }

  func report(_ diagnostic: Diagnostic) { notes.report(diagnostic) }

  func writes(asJSON isJSON: Bool) { notes.writes(asJSON: isJSON) }
}
