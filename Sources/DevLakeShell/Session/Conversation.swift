import DevLakeKit
import LineEditing

/// What a command says on its way, and what it asks.
///
/// Off a terminal nothing is ever asked: the command fails with exit code 5 and names the options
/// that answer the question.
protocol Conversation: AnyObject, Sendable {
  /// Whether there is a person who can be asked.
  var canAsk: Bool { get }
  /// Asks, showing what is typed; `nil` when the person ends the input.
  func ask(_ question: String) async throws(Failure) -> String?
  /// The same with an answer that is there already and can be changed.
  func ask(_ question: String, prefilled: String) async throws(Failure) -> String?
  /// The same, and Tab completes what is typed.
  func ask(
    _ question: String,
    prefilled: String,
    completing: AnswerCompletion
  ) async throws(Failure) -> String?
  /// From now on Up answers that where nothing was typed; `nil`: nothing.
  func answersUp(with answer: String?)
  /// Shows a list that is narrowed by typing, where the terminal can draw one.
  func pick(_ list: MenuList) async throws(Failure) -> MenuAnswer
  /// Asks, showing nothing of what is typed.
  func askSecret(_ question: String) async throws(Failure) -> Secret?
  /// The same for a secret that is needed: Enter alone is no answer where a person types.
  func askNeededSecret(_ question: String) async throws(Failure) -> Secret?
  /// Shows what is awaited when that takes long; `nil`: nobody would see it.
  var progress: ProgressLine? { get }
  /// Hides what is typed while a command runs; `nil`: nobody types.
  var typing: HiddenTyping? { get }
  /// Empties the screen, where there is one.
  func clearScreen()
  /// Shows a secret once, on the person's terminal alone; whether it was shown.
  func showOnce(_ secret: Secret, as label: String) -> Bool
  /// Says something about what is going on; `text` is finished but for what a terminal needs.
  func note(_ text: String)
  /// Says a warning, or another diagnostic that does not end the command.
  func report(_ diagnostic: Diagnostic)
  /// Whether diagnostics are JSON from now on, where no command says otherwise.
  func writes(asJSON isJSON: Bool)
  /// What is said is drawn for this from now on: the window or `set color` may have changed.
  func draws(for medium: Medium)
  /// The same conversation for one command, whose diagnostics are JSON if its result is.
  func writing(asJSON isJSON: Bool) -> any Conversation
}

/// What Tab completes in an answer.
enum AnswerCompletion: Sendable {
  case nothing
  /// Names of files.
  case files
  /// One of these.
  case words([String])
}

/// The outcome of a list.
enum MenuAnswer: Sendable, Equatable {
  case item(Int)
  /// Something else was typed, where that is an answer.
  case text(String)
  /// The person ended the input.
  case end
  /// No list can be drawn here: whoever asks writes it down and asks in words.
  case unavailable
}

extension Conversation {
  func showOnce(_ secret: Secret, as label: String) -> Bool { false }

  func ask(
    _ question: String,
    prefilled: String,
    completing: AnswerCompletion
  ) async throws(Failure) -> String? {
    try await ask(question, prefilled: prefilled)
  }

  func pick(_ list: MenuList) async throws(Failure) -> MenuAnswer { .unavailable }

  func answersUp(with answer: String?) {}

  func clearScreen() {}

  /// Who draws no diagnostics has no form of them.
  func writing(asJSON isJSON: Bool) -> any Conversation { self }

  var progress: ProgressLine? { nil }
  var typing: HiddenTyping? { nil }
  func draws(for medium: Medium) {}

  func askNeededSecret(_ question: String) async throws(Failure) -> Secret? {
    try await askSecret(question)
  }

  func ask(_ question: String, prefilled: String) async throws(Failure) -> String? {
    try await ask(question)
  }

  /// Runs what may need the person's terminal as it was found; no progress is drawn in the meantime.
  func lendTerminal<Answer, Mistake: Error>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws(Mistake) -> Answer
  ) async throws(Mistake) -> Answer {
    progress?.pause()
    defer { progress?.resume() }
    guard let typing else { return try await body() }
    return try await typing.whileLent(body)
  }

  /// Asks for what will be shown everywhere; what may be a secret, pasted one question too early,
  /// counts only when the person says so.
  func askOpenly(
    _ question: String,
    prefilled: String = "",
    completing: AnswerCompletion = .nothing
  ) async throws(Failure) -> String? {
    while let answer = try await ask(question, prefilled: prefilled, completing: completing) {
      guard answer != prefilled, SecretScanner.mayBeSecret(answer) else { return answer }
      let confirmation = try await ask(
        "That looks like a secret and would be visible. Use it anyway? (yes/no): "
      )
      guard let confirmation else { return nil }
      if ["y", "yes"].contains(confirmation.lowercased()) { return answer }
    }
    return nil
  }

  /// Says what a person should know although the command goes on.
  func warn(_ message: String, help: String? = nil) {
    report(Diagnostic(.warning, code: .invalid, message: message, help: help))
  }
}
