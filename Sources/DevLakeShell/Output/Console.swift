import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The two streams of the process: results, and everything else.
///
/// Results are collected; call ``flush()`` before the shell waits for input, a child or the network,
/// and at its end. Messages go out at once, after the results they come after.
final class Console: Sendable {
  let results: any TextSink
  let messages: any TextSink
  /// Hides secrets in messages; results are redacted before they are laid out.
  let hiding: @Sendable (String) -> String
  private let isFailureReported = Mutex(false)
  private let makeRoom: @Sendable () -> Void
  private let typing = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Creates a console on two streams, and with what erases passing text before either is written.
  init(
    results: any TextSink,
    messages: any TextSink,
    hiding: @escaping @Sendable (String) -> String = { $0 },
    makeRoom: @escaping @Sendable () -> Void = {}
  ) {
    self.hiding = hiding
    self.results = results
    self.messages = messages
    self.makeRoom = makeRoom
  }

  /// Standard output and standard error.
  static func standard(
    hiding: @escaping @Sendable (String) -> String,
    makeRoom: @escaping @Sendable () -> Void = {}
  ) -> Console {
    Console(
      results: OutputWriter(descriptor: STDOUT_FILENO, isBuffered: true),
      messages: OutputWriter(descriptor: STDERR_FILENO, isBuffered: false),
      hiding: hiding,
      makeRoom: makeRoom
    )
  }

  /// Writes result text as it is; renderers end their lines themselves.
  func write(_ text: String) {
    results.write(text)
    reportFailure()
  }

  /// Writes message text as it is, below the results so far.
  ///
  /// While a person types they appear above the line.
  func writeMessage(_ text: String) {
    let text = hiding(text)
    if let post = typing.withLock(\.self) {
      return post(text.last == "\n" ? String(text.dropLast()) : text)
    }
    flush()
    makeRoom()
    messages.write(text)
    messages.flush()
  }

  /// Leaves messages to whoever draws the screen; `nil`: they are written again.
  func divert(to post: (@Sendable (String) -> Void)?) { typing.withLock { $0 = post } }

  /// Leaves messages to the editor, which shows what it is posted, while `body` runs.
  func whileTyping<Answer>(
    posting post: @escaping @Sendable (String) -> Void,
    _ body: () -> Answer
  ) -> Answer {
    typing.withLock { $0 = post }
    defer { typing.withLock { $0 = nil } }
    return body()
  }

  func flush() {
    makeRoom()
    results.flush()
    reportFailure()
  }

  /// Whether results were lost, so that the process cannot end with success.
  ///
  /// A reader that left early wanted no more: that loses nothing.
  var hasLostResults: Bool {
    if case .system = results.failure { true } else { false }
  }

  /// Whether nobody reads results any more, so that a long command may stop.
  var isReaderGone: Bool { results.failure == .readerLeft }

  private func reportFailure() {
    guard case .system(let number) = results.failure else { return }
    let isFirst = isFailureReported.withLock { isReported in
      defer { isReported = true }
      return !isReported
    }
    guard isFirst else { return }
    messages.write("error: cannot write results: \(String(cString: strerror(number)))\n")
    messages.flush()
  }
}
