import Synchronization
import Testing

@testable import DevLakeShell

/// The line that shows what is awaited.
struct ProgressLineTests {
  private let drawn = CollectedText()
  private let later = ContinuousClock.now + .seconds(60)

  private func line() -> ProgressLine {
    let drawn = drawn
    return ProgressLine(width: { 80 }, isUTF8: true, write: { drawn.write($0) })
  }

  @Test func `it tells what is awaited, and is gone at the end`() {
    let line = line()
    line.begin()
    line.expect(["github", "jira"])
    line.finish("github")
    line.draw(at: later)
    #expect(drawn.text.contains("1 of 2, waiting for jira"))
    line.end()
    #expect(drawn.text.hasSuffix("\r\u{1B}[K"))
    line.draw(at: later)
    #expect(drawn.text.hasSuffix("\r\u{1B}[K"))
  }

  @Test func `nothing is drawn over a question, and what was awaited before it is forgotten`() {
    let line = line()
    line.begin()
    line.expect(["github", "jira"])
    line.pause()
    line.draw(at: later)
    #expect(drawn.text.isEmpty)
    line.resume()
    line.draw(at: later + .seconds(60))
    #expect(drawn.text.contains("waiting for DevLake"))
    line.end()
  }

  @Test func `nothing is drawn while a program has the terminal`() async {
    let line = line()
    let sink = CollectedText()
    let conversation = ConsoleConversation(
      console: Console(results: sink, messages: sink),
      medium: .file,
      isQuiet: false,
      writesJSON: false,
      progress: line,
      terminal: nil
    )
    line.begin()
    await conversation.lendTerminal { line.draw(at: later) }
    #expect(drawn.text.isEmpty)
    line.draw(at: later + .seconds(60))
    #expect(drawn.text.contains("waiting for DevLake"))
    line.end()
  }

  @Test func `of many it tells how fast they are done, and how long the rest takes`() {
    let line = line()
    line.begin()
    line.expect((1...100).map { "github/\($0)" })
    for number in 1...25 { line.finish("github/\(number)") }
    line.draw(at: .now + .seconds(1))
    #expect(drawn.text.contains("25 of 100, waiting for github/26"))
    line.draw(at: .now + .seconds(10))
    #expect(drawn.text.contains("25 of 100, 2.5 a second, "), "\(drawn.text)")
    #expect(drawn.text.contains("30 s left") || drawn.text.contains("31 s left"))
    line.draw(at: .now + .seconds(1000))
    #expect(drawn.text.contains("25 of 100, 1.5 a minute, 50 min left"), "\(drawn.text)")
    line.end()
  }
}
