import DevLakeKit
import Foundation
import Synchronization

@testable import DevLakeShell

extension ShellFixture {
  /// Runs lines and kills the shell when it is about to send a request of a kind: what stood in the
  /// state folder at that moment is all that stays of it.
  ///
  /// The request itself still arrives, as one does that was on its way.
  ///
  /// - Parameter number: Which of the requests, from 1.
  func killed(
    running lines: String,
    before method: String,
    _ suffix: String,
    number: Int
  ) async throws -> Transcript {
    let (state, saved) = (folder.path("state"), folder.path("state-when-killed"))
    let running = Mutex<Task<Transcript, Never>?>(nil)
    var place = self
    let through = transport
    // One way for all requests of the shell, so that they are counted together.
    place.transport = { options in
      InterleavingTransport(through(options), before: method, suffix, number: number) {
        try? FileManager.default.copyItem(atPath: state, toPath: saved)
        running.withLock { $0?.cancel() }
      }
    }
    let doomed = place
    let task = running.withLock { running in
      let task = Task { await doomed.run(lines) }
      running = task
      return task
    }
    let shell = await task.value
    try FileManager.default.removeItem(atPath: state)
    try FileManager.default.moveItem(atPath: saved, toPath: state)
    return shell
  }
}
