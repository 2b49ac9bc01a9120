import Foundation
import Testing

@testable import DevLakeKit

@Suite(.serialized) struct SecretCommandTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func resolve(
    _ command: String,
    within deadline: Duration
  ) async throws(SecretReferenceError) -> ResolvedSecret {
    let sources = SecretSources(
      environment: ["PATH": "/usr/bin:/bin"],
      workingDirectory: folder.path,
      commandDeadline: deadline
    )
    return try await SecretReference("cmd:" + command).resolve(in: sources)
  }

  /// A command that notes its own id and its child's, and ends only when it is killed.
  private static let stubborn = "trap '' INT TERM; sleep 600 & echo $$ $! > ids; wait"

  private func expectAllGone() async throws {
    let ids = try #require(folder.text("ids")).split(whereSeparator: \.isWhitespace)
    #expect(ids.count == 2)
    for id in try ids.map({ try #require(Int32($0)) }) {
      // The grandchild is reaped by init, which may take a moment.
      while kill(id, 0) == 0, !isZombie(id) {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  private func isZombie(_ id: Int32) -> Bool {
    guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return true }
    let text = String(decoding: data, as: UTF8.self)
    return text.split(separator: ")").last?.hasPrefix(" Z") ?? true
  }

  @Test(.timeLimit(.minutes(1)))
  func `is killed with its children at the deadline`() async throws {
    await #expect(throws: SecretReferenceError.timedOut("the command of cmd:", seconds: 1)) {
      try await resolve(Self.stubborn, within: .seconds(1))
    }
    try await expectAllGone()
  }

  @Test(.timeLimit(.minutes(1)))
  func `is killed with its children when cancelled`() async throws {
    let task = Task { try await resolve(Self.stubborn, within: .seconds(600)) }
    while folder.text("ids")?.hasSuffix("\n") != true {
      try Task.checkCancellation()
      await Task.yield()
    }
    task.cancel()
    await #expect(throws: SecretReferenceError.interrupted) { try await task.value }
    try await expectAllGone()
  }

  @Test func `has no terminal and no input of ours`() async throws {
    let found = try await resolve(
      "test -t 0 && echo terminal || readlink /proc/self/fd/0",
      within: .seconds(60)
    )
    #expect(found.secret.reveal { $0 } == "/dev/null")
  }

  @Test func `inherits no file the shell has open`() async throws {
    let lock = try FileLock.acquire(folder: folder.path)
    defer { lock.release() }
    // As sockets of the HTTP client are: without the flag that closes them.
    let held = open(try folder.write("held", "x"), O_RDONLY)
    defer { close(held) }
    // Sockets of other tests are of no interest, and there may be very many.
    let found = try await resolve(
      "ls -l /proc/$$/fd | grep -e null -e lock -e held | tr '\\n' ,",
      within: .seconds(60)
    )
    let listing = found.secret.reveal { $0 }
    #expect(listing.contains("/dev/null"))
    #expect(!listing.contains(".devlake-shell.lock"))
    #expect(!listing.contains("held"))
  }

  @Test func `may begin with a dash`() async throws {
    let error = await #expect(throws: SecretReferenceError.self) {
      try await resolve("-x 2>/dev/null", within: .seconds(60))
    }
    #expect(error == .commandFailed(status: 127))
  }

  @Test func `leaves no open files behind`() async throws {
    // Other tests open sockets meanwhile, no pipes; a leak here would be one a command.
    let before = try Self.openPipes()
    for _ in 0..<40 { _ = try await resolve("echo x", within: .seconds(60)) }
    #expect(try Self.openPipes() < before + 30)
  }

  private static func openPipes() throws -> Int {
    let folder = "/proc/self/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
      // A descriptor may be closed by another test between the listing and here.
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
      return target?.hasPrefix("pipe:") == true
    }
    .count
  }
}
