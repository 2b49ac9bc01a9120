import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That many mistakes, on one line or on many, take a time that grows as their number does.
struct ManyMistakesTests {
  private static let kinds: [(String, @Sendable (Int) -> String)] = [
    ("one mistake again and again", { _ in "lsit; " }),
    ("unknown commands", { "lis\($0) x; " }),
    ("unknown options", { "rotate gitlab/\($0) --tok\($0) env:X; " }),
    ("unknown options on lines", { "rotate gitlab/\($0) --tok\($0) env:X\n" }),
    ("unknown variables", { "echo $x\($0); " }),
    ("unknown variables among known ones", { "let y\($0) = 1; echo $x\($0)\n" }),
    ("open blocks", { _ in "{ " }),
    ("secrets", { "let token = s\($0); x\($0); " }),
    ("beginnings of tokens", { _ in "ghp_" }),
    ("fields", { "list --where 'nam\($0) == x' --fields nom\($0)\n" }),
  ]

  @Test(arguments: kinds.indices)
  func `time is linear`(_ kind: Int) async throws {
    let (name, make) = Self.kinds[kind]
    func time(_ count: Int) async throws -> Duration {
      let text = (0..<count).map(make).joined()
      var best = Duration.seconds(1000)
      // The quickest of two: the machine is busy.
      for _ in 0..<2 {
        try await ShellFixture.with(seed: .empty) { place in
          let start = ContinuousClock.now
          _ = await place.run(text, ["--check"])
          best = min(best, ContinuousClock.now - start)
        }
      }
      return best
    }
    let few = try await time(500)
    let many = try await time(4000)
    // Eight times as many: a square would take 64 times as long.
    #expect(many < few * 24 + .milliseconds(200), "\(name): \(few), \(many)")
  }

  @Test func `of very many mistakes the last are counted`() async throws {
    try await ShellFixture.with(seed: .empty) { place in
      let line = await place.run(String(repeating: "lsit; ", count: 300))
      #expect(
        line.stderr.contains("and 200 more mistakes on this line"),
        "\(line.stderr.suffix(300))"
      )
      let lines = await place.run(String(repeating: "lsit\n", count: 10_500))
      #expect(lines.stderr.contains("and 500 more lines with mistakes"))
      #expect(lines.exitCode == .usage)
    }
  }
}
