/// Where text goes: a stream of the process, a file, or the memory of a test.
protocol TextSink: AnyObject, Sendable {
  func write(_ text: String)
  /// Hands over what was collected; returns when the system has it, or never will.
  func flush()
  /// Why nothing arrives any more; later text is dropped without a word.
  var failure: OutputFailure? { get }
}

/// Why a stream takes no more text.
enum OutputFailure: Error, Sendable, Equatable {
  /// The reader of the pipe went away early, as `head` does; no failure of ours.
  case readerLeft
  /// The system's error number, such as `ENOSPC`.
  case system(Int32)
}
