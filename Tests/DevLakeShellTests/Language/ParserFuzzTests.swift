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
    "A text eight times as long takes about eight times as long",
    arguments: ["a && ", "\\a", "${", "& ", "$(", "} ", "if a { } else "]
  )
  func staysLinear(piece: String) {
    let short = Self.time(of: piece, bytes: 5_000)
    let long = Self.time(of: piece, bytes: 40_000)
    // Quadratic would be 64 times; the shortest of three runs keeps a busy machine out of it.
    #expect(long < short * 24)
  }

  private static func time(of piece: String, bytes: Int) -> Duration {
    let text = "echo " + String(repeating: piece, count: bytes / piece.utf8.count)
    let source = SourceText(name: "long.lake", text: text)
    let runs = (0..<3).map { _ in ContinuousClock().measure { _ = Parser.parse(source) } }
    return runs.min() ?? .zero
  }
}
