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

  /// A copy of the descriptor of a file that is open, as a child has it that is just being started.
  private func copy(of path: String) throws -> Int32 {
    let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let open = (3..<4096).first { number in
      let link = "/proc/self/fd/\(number)"
      return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == path
    }
    return dup(Int32(try #require(open)))
  }

  @Test func `a lock that is given up is free, whatever a child still has open`() throws {
    let folder = try ScratchFolder()
    let url = "http://localhost:8080"
    var right: InstanceLock? = try .acquire(in: folder.path, for: url, holder: "one")
    let locks = try FileManager.default.contentsOfDirectory(atPath: folder.path("locks"))
    let one = try copy(of: folder.path("locks/" + (try #require(locks.first))))
    withExtendedLifetime(right) {}
    right = nil
    #expect(throws: Never.self) {
      _ = try InstanceLock.acquire(in: folder.path, for: url, holder: "two")
    }
    close(one)

    var mark = RotationMark(of: "run", instance: url, in: folder.path)
    #expect(RotationMark.cutOff(of: url, in: folder.path) == [])
    let two = try copy(of: folder.path("rotations/run"))
    withExtendedLifetime(mark) {}
    mark = nil
    #expect(RotationMark.cutOff(of: url, in: folder.path) == ["run"])
    close(two)
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
