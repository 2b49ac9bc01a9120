import Foundation
import Testing

@testable import DevLakeShell

/// That nothing others write ends the shell or makes it say what is not so.
@Suite(.serialized)
struct FuzzTests {
  @Test(arguments: FuzzTarget.all)
  func `the corpus, and what is near it`(_ target: FuzzTarget) throws {
    let check = try target.check()
    let corpus = try target.corpus()
    try #require(!corpus.isEmpty)
    for input in corpus { check(input) }
    var fuzzer = Fuzzer(seed: 20_260, corpus: corpus, words: target.words)
    for _ in 0..<1_000 { check(fuzzer.input()) }
  }

  /// `FUZZ_SECONDS` searches for longer, from another seed each time; see scripts/fuzz.
  private static let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap(Int.init)
  /// Where the input that is tried is kept.
  private static let folder = ProcessInfo.processInfo.environment["FUZZ_FOLDER"]

  @Test(.enabled(if: seconds != nil), arguments: FuzzTarget.all)
  func `a longer search finds nothing either`(_ target: FuzzTarget) throws {
    let share = try #require(Self.seconds) * 1_000 / FuzzTarget.all.count
    let check = try target.check()
    let recorder = try Self.folder.map { try InputRecorder(path: "\($0)/\(target.name)") }
    let seed = UInt64.random(in: 0...UInt64.max)
    var fuzzer = Fuzzer(seed: seed, corpus: try target.corpus(), words: target.words)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(share)
    var count = 0
    var now = clock.now
    while now < end {
      let input = fuzzer.input()
      recorder?.note(input)
      check(input)
      let began = now
      now = clock.now
      #expect(now - began < .seconds(5), "slow: \(shown(input))")
      count += 1
    }
    print("fuzz: \(target.name): \(count) inputs from seed \(seed)")
  }
}
