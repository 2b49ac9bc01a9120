import LineEditing

/// Where lines come from: a terminal, or standard input.
@MainActor
protocol LineSource: AnyObject {
  /// The name used in messages, for example `<terminal>` or `<stdin>`.
  var name: String { get }
  /// Whether a person is there, who is prompted and may try again.
  var isInteractive: Bool { get }
  /// Reads the next line, or at a terminal the next entry; blocks.
  func next(prompt: String) -> LineRead
  /// Where other threads leave what a person should know while they type; `nil`: nobody types.
  var mailbox: LineEditorMailbox? { get }
}

extension LineSource {
  var mailbox: LineEditorMailbox? { nil }
}

/// What one read brought.
enum LineRead: Equatable, Sendable {
  case line(String)
  case interrupted
  case end
}
