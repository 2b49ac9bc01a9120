import DevLakeKit

/// What a command says on its way, and what it asks.
///
/// Off a terminal nothing is ever asked: the command fails with exit code 5 and names the options
/// that answer the question.
protocol Conversation: AnyObject, Sendable {
  /// Whether there is a person who can be asked.
  var canAsk: Bool { get }
  /// Asks, showing what is typed; `nil` when the person ends the input.
  func ask(_ question: String) async throws(Failure) -> String?
  /// Asks, showing nothing of what is typed.
  func askSecret(_ question: String) async throws(Failure) -> Secret?
  /// Shows what is awaited when that takes long; `nil`: nobody would see it.
  var progress: ProgressLine? { get }
  /// Says something about what is going on; `text` is finished but for what a terminal needs.
  func note(_ text: String)
  /// Says a warning, or another diagnostic that does not end the command.
  func report(_ diagnostic: Diagnostic)
  /// Whether diagnostics are JSON from now on, as the result of the command that runs is.
  func writes(asJSON isJSON: Bool)
}

extension Conversation {
  var progress: ProgressLine? { nil }

  /// Says what a person should know although the command goes on.
  func warn(_ message: String, help: String? = nil) {
    report(Diagnostic(.warning, code: .invalid, message: message, help: help))
  }
}
