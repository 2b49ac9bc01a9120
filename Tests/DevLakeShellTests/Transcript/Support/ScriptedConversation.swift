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
  private let notes: any Conversation
  private let person: Person
  let canAsk: Bool

  /// Who is asked, by every command.
  private final class Person: Sendable {
    let answers: Mutex<[Answer]>
    let asked = Mutex<[String]>([])
    let offers = Mutex<[String: [String]]>([:])

    init(_ answers: [Answer]) { self.answers = Mutex(answers) }
  }

  init(_ console: Console, _ settings: Settings, _ answers: [Answer]?) {
    canAsk = answers != nil
    person = Person(answers ?? [])
    notes = ConsoleConversation(
      console: console,
      medium: .file,
      isQuiet: settings.isQuiet,
      writesJSON: settings.format.isJSON,
      terminal: nil
    )
  }

  var questions: [String] { person.asked.withLock { $0 } }

  /// What Tab could make of the answers, by question.
  var offers: [String: [String]] { person.offers.withLock { $0 } }

  /// The terminal of this person shows a secret nowhere else.
  func showOnce(_ secret: Secret, as label: String) -> Bool {
    guard canAsk else { return false }
    person.asked.withLock { $0.append("\(label) \(secret.reveal { $0 })") }
    return true
  }

  func ask(_ question: String) async throws(Failure) -> String? {
    guard canAsk else { return try await notes.ask(question) }
    person.asked.withLock { $0.append(question) }
    switch person.answers.withLock({ $0.isEmpty ? .end : $0.removeFirst() }) {
    case .text(let text): return text
    case .after(let happens): return happens()
    case .end: return nil
    case .interrupt: throw .interrupted
    }
  }

  /// Enter takes what stands there, as on a terminal.
  func ask(_ question: String, prefilled: String) async throws(Failure) -> String? {
    try await ask(question).map { $0.isEmpty ? prefilled : $0 }
  }

  func ask(
    _ question: String,
    prefilled: String,
    completing: AnswerCompletion
  ) async throws(Failure) -> String? {
    if case .words(let words) = completing { person.offers.withLock { $0[question] = words } }
    return try await ask(question, prefilled: prefilled)
  }

  func askSecret(_ question: String) async throws(Failure) -> Secret? {
    try await ask(question).flatMap { $0.isEmpty ? nil : Secret($0) }
  }

  func note(_ text: String) { notes.note(text) }

  func report(_ diagnostic: Diagnostic) { notes.report(diagnostic) }

  func writes(asJSON isJSON: Bool) { notes.writes(asJSON: isJSON) }

  func writing(asJSON isJSON: Bool) -> any Conversation {
    ScriptedConversation(person, notes.writing(asJSON: isJSON), canAsk: canAsk)
  }

  private init(_ person: Person, _ notes: any Conversation, canAsk: Bool) {
    self.person = person
    self.notes = notes
    self.canAsk = canAsk
  }
}
