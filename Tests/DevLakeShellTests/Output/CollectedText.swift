import Synchronization

@testable import DevLakeShell

/// A sink that keeps what it is given, and how often it was flushed.
final class CollectedText: TextSink {
  private let state = Mutex((text: "", flushes: 0, failure: OutputFailure?.none))

  var text: String { state.withLock { $0.text } }
  var flushes: Int { state.withLock { $0.flushes } }
  var failure: OutputFailure? { state.withLock { $0.failure } }

  func fail(with failure: OutputFailure) { state.withLock { $0.failure = failure } }

  func write(_ text: String) {
    state.withLock { if $0.failure == nil { $0.text += text } }
  }

  func flush() { state.withLock { $0.flushes += 1 } }
}
