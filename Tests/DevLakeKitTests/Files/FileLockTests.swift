import Dispatch
import Foundation
import Synchronization
import Testing

@testable import DevLakeKit

@Suite struct FileLockTests {
  /// Runs a script in a process of its own that says when it is ready and waits for its input.
  private func holder(_ script: String) throws -> (process: Process, input: Pipe) {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let ready = output.fileHandleForReading.availableData
    try #require(String(decoding: ready, as: UTF8.self) == "ready\n")
    return (process, input)
  }

  @Test func `waits for another process and gives up in time`() throws {
    let folder = try ScratchFolder()
    let path = folder.path(".devlake-shell.lock")
    let (process, input) = try holder("exec 9>'\(path)'; flock 9; echo ready; read line")
    #expect(throws: FileError.locked(path: path)) {
      try FileLock.acquire(folder: folder.path, patience: .milliseconds(60))
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    // The file is still there, but a dead process holds nothing.
    let lock = try FileLock.acquire(folder: folder.path, patience: .milliseconds(60))
    lock.release()
    #expect(try folder.names.isEmpty)
  }

  /// The time limit ends it where the second attempt waits, too.
  @Test(.timeLimit(.minutes(1)))
  func `a lock that was waited for in vain is only tried from then on`() throws {
    let folder = try ScratchFolder()
    let path = folder.path(".devlake-shell.lock")
    let (process, input) = try holder("exec 9>'\(path)'; flock 9; echo ready; read line")
    for patience in [Duration.milliseconds(60), .seconds(600), .seconds(600)] {
      #expect(throws: FileError.locked(path: path)) {
        try FileLock.acquire(folder: folder.path, patience: patience)
      }
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    try FileLock.acquire(folder: folder.path).release()
  }

  @Test func `lets one in at a time though its file comes and goes`() throws {
    let folder = try ScratchFolder()
    let inside = Mutex(0)
    let crowded = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      for _ in 0..<300 {
        guard let lock = try? FileLock.acquire(folder: folder.path) else {
          Issue.record("the lock was refused")
          return
        }
        let count = inside.withLock { count in
          count += 1
          return count
        }
        if count > 1 { crowded.withLock { $0 += 1 } }
        sched_yield()
        inside.withLock { $0 -= 1 }
        lock.release()
      }
    }
    #expect(crowded.withLock { $0 } == 0)
  }
}
