import Foundation
import Testing

@testable import DevLakeShell

@Suite struct ParserFuzzTests {
  @Test("No input breaks the parser, and what it accepts prints back to the same tree")
  func survives() {
    var fuzz = ParserFuzz(seed: 20_260)
    fuzz.run(iterations: 3_000)
  }

  /// Set `FUZZ_SECONDS` to search for longer, from another seed each time.
  static let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap(Int.init)

  @Test("A longer search finds nothing either", .enabled(if: seconds != nil))
  func survivesLonger() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var fuzz = ParserFuzz(seed: seed)
    let count = fuzz.run(for: .seconds(try #require(Self.seconds)))
    print("fuzz: \(count) inputs from seed \(seed)")
  }

  @Test(
    "A long line takes time in proportion to its length",
    .timeLimit(.minutes(1)),
    arguments: ["a && ", "\\a", "a${", "$("]
  )
  func staysLinear(piece: String) {
    // Looking from every place to the end of the line would be 20,000,000,000 steps here.
    let text = "echo " + String(repeating: piece, count: 200_000 / piece.utf8.count)
    let result = Parser.parse(SourceText(name: "long.lake", text: text))
    #expect(!result.script.statements.isEmpty || !result.allMistakes.isEmpty)
  }
}
