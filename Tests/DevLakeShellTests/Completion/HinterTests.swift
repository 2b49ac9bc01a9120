import Foundation
import Testing

@testable import DevLakeShell
@testable import LineEditing

/// The hints of `hints.txt`.
@MainActor
struct HinterTests {
  private static let history = [
    "echo первый", "echo второй", "for c in $(list) {\n  test $c\n}",
    "rotate gitlab/1 --token <redacted>",
  ]

  private static func lines() throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "hints.txt")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
      .filter { $0.contains("|") && !$0.hasPrefix("# A line") && !$0.hasPrefix("# What Right") }
  }

  @Test func `every line has the hint it should have`() async throws {
    try await CompletionFixture.with { fixture in
      let lines = try Self.lines()
      #expect(lines.count > 30)
      let hinter = Hinter(session: fixture.session, registry: .standard, history: Self.history)
      for line in lines {
        let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let hint = hinter.hint(for: String(parts[0]))
        let shown = hint.map { ($0.isAcceptable ? "+" : "") + $0.text } ?? ""
        #expect(shown == parts[1], "\(line)")
      }
    }
  }
}
