/// Reads what a program writes, for a limited time and a limited length; cancelling ends it at once.
///
/// It looks again every few milliseconds instead of blocking: a blocked thread of Swift's pool
/// could neither be cancelled nor run another task.
struct SecretStream {
  /// Where the bytes come from, for messages.
  let place: String
  private let patience: Duration
  private var deadline: ContinuousClock.Instant

  /// A stream that has to end within `patience` from now.
  init(place: String, patience: Duration) {
    self.place = place
    self.patience = patience
    deadline = .now + patience
  }

  /// Everything until the writer is done.
  func readAll(_ file: borrowing OpenFile) async throws(SecretReferenceError) -> [UInt8] {
    var bytes: [UInt8] = []
    var pause = Duration.milliseconds(1)
    while true {
      switch try chunk(file) {
      case .end: return bytes
      case .bytes(let more):
        bytes += more
        guard bytes.count <= SecretText.maximumLength else { throw .unusable(.tooLong, place) }
      case .notYet: try await wait(&pause)
      }
    }
  }

  /// What there is now.
  func chunk(_ file: borrowing OpenFile) throws(SecretReferenceError) -> OpenFile.Chunk {
    do throws(FileError) {
      return try file.chunk()
    } catch {
      throw .file(error)
    }
  }

  /// Gives the writer as much more time: it was made to wait.
  mutating func extend(by time: Duration) { deadline += time }

  /// Sleeps, longer each time.
  func wait(_ pause: inout Duration) async throws(SecretReferenceError) {
    guard ContinuousClock.now < deadline else {
      throw .timedOut(place, seconds: Int(patience.components.seconds))
    }
    do {
      try await Task.sleep(for: pause)
    } catch {
      // A sleep ends early for one reason only: the task was cancelled.
      throw .interrupted
    }
    pause = min(pause * 2, .milliseconds(20))
  }
}
