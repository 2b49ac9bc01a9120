import Foundation
import Glibc
import Synchronization
import Testing

@testable import DevLakeShell

@Suite struct OutputWriterTests {
  /// A system that answers each write with the next of its results, then takes everything.
  private final class PlayedSystem: Sendable {
    private let state: Mutex<(answers: [Result<Int, OutputFailure>], taken: [[UInt8]])>

    init(_ answers: [Result<Int, OutputFailure>] = []) { state = Mutex((answers, [])) }

    var taken: [[UInt8]] { state.withLock { $0.taken } }
    var text: String { String(decoding: taken.joined(), as: UTF8.self) }

    func writer(isBuffered: Bool = true) -> OutputWriter {
      // Waiting for a descriptor that is not open ends at once, for one below zero never.
      OutputWriter(descriptor: .max, isBuffered: isBuffered) { _, bytes in
        self.state.withLock { state in
          let answer = state.answers.isEmpty ? .success(bytes.count) : state.answers.removeFirst()
          if case .success(let count) = answer { state.taken.append(Array(bytes.prefix(count))) }
          return answer
        }
      }
    }
  }

  @Test func `text waits until 64 KiB are there or it is flushed`() {
    let system = PlayedSystem()
    let writer = system.writer()
    writer.write(String(repeating: "a", count: OutputWriter.bufferSize - 1))
    #expect(system.taken.isEmpty)
    writer.write("b")
    #expect(system.taken.map(\.count) == [OutputWriter.bufferSize])
    writer.write("c")
    writer.flush()
    writer.flush()
    #expect(system.taken.map(\.count) == [OutputWriter.bufferSize, 1])
  }

  @Test func `text that is not buffered goes out at once`() {
    let system = PlayedSystem()
    let writer = system.writer(isBuffered: false)
    writer.write("error\n")
    #expect(system.text == "error\n")
  }

  @Test func `interrupted, partial and deferred writes are continued`() {
    let system = PlayedSystem([
      .failure(.system(EINTR)), .success(2), .failure(.system(EAGAIN)), .success(0), .success(1),
    ])
    let writer = system.writer()
    writer.write("abcdef")
    writer.flush()
    #expect(system.text == "abcdef")
    #expect(writer.failure == nil)
  }

  @Test(arguments: [
    (EPIPE, OutputFailure.readerLeft), (ENOSPC, .system(ENOSPC)), (EIO, .system(EIO)),
  ])
  func `after a failure text is dropped`(number: Int32, failure: OutputFailure) {
    let system = PlayedSystem([.success(1), .failure(.system(number))])
    let writer = system.writer()
    writer.write("abc")
    writer.flush()
    writer.write("more")
    writer.flush()
    #expect(system.text == "a")
    #expect(writer.failure == failure)
  }

  @Test func `a full device is a failure`() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let writer = OutputWriter(descriptor: descriptor, isBuffered: true)
    writer.write("x")
    #expect(writer.failure == nil)
    writer.flush()
    #expect(writer.failure == .system(ENOSPC))
  }

  @Test func `a pipe that does not block gets everything in order`() async throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reader, descriptor) = (ends[0], ends[1])
    try #require(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
    let text = (0..<40_000).map { "line \($0)\n" }.joined()
    let received = Mutex<[UInt8]>([])
    await withCheckedContinuation { continuation in
      // A thread of its own: the writer blocks the one it is on.
      Thread.detachNewThread {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(reader, &chunk, chunk.count), count > 0 {
          received.withLock { $0 += chunk[..<count] }
        }
        continuation.resume()
      }
      let writer = OutputWriter(descriptor: descriptor, isBuffered: true)
      writer.write(text)
      writer.flush()
      #expect(writer.failure == nil)
      close(descriptor)
    }
    close(reader)
    #expect(received.withLock { String(decoding: $0, as: UTF8.self) } == text)
  }
}

@Suite struct ConsoleTests {
  @Test func `a message stands below the results before it`() {
    let (results, messages) = (CollectedText(), CollectedText())
    let console = Console(results: results, messages: messages)
    console.write("row\n")
    #expect(results.flushes == 0)
    console.writeMessage("error: x\n")
    #expect(results.flushes == 1)
    #expect((results.text, messages.text) == ("row\n", "error: x\n"))
    #expect(!console.hasLostResults && !console.isReaderGone)
  }

  @Test func `lost results are reported once`() {
    let (results, messages) = (CollectedText(), CollectedText())
    let console = Console(results: results, messages: messages)
    results.fail(with: .system(ENOSPC))
    console.write("row\n")
    console.flush()
    #expect(messages.text == "error: cannot write results: No space left on device\n")
    #expect(console.hasLostResults)
  }

  @Test func `a reader that left early is no failure`() {
    let (results, messages) = (CollectedText(), CollectedText())
    let console = Console(results: results, messages: messages)
    results.fail(with: .readerLeft)
    console.write("row\n")
    console.flush()
    #expect(messages.text == "")
    #expect(console.isReaderGone && !console.hasLostResults)
  }
}
