import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// The documentation's example is the code that is compiled and run here.
@Suite("Documentation")
struct DocumentationTests {
  private func text(_ path: String) throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("the example on the first page is the one that is compiled")
  func exampleIsCompiled() throws {
    let page = try text("Sources/DevLakeKit/DevLakeKit.docc/DevLakeKit.md")
    let parts = page.components(separatedBy: "```")
    let code = try #require(parts.first { $0.hasPrefix("swift\n") }).dropFirst("swift\n".count)
    let source = try text("Tests/DevLakeKitTests/Documentation/DocumentationExample.swift")
    #expect(source.hasSuffix(code))
  }

  @Test("the example rotates a token that passes, and leaves the old one where it does not")
  func exampleWorks() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      let before = simulator.connections("github").first?["token"]
      let bad = try await rotate(
        1,
        to: Secret("ghp_BAD" + String(repeating: "b", count: 33)),
        at: simulator.url
      )
      #expect(bad.problem?.code == .testFailed)
      #expect(simulator.connections("github").first?["token"] == before)

      let token = "ghp_" + String(repeating: "n", count: 36)
      let outcome = try await rotate(1, to: Secret(token), at: simulator.url)
      #expect(outcome.state == .done)
      #expect(outcome.retest?.outcome == .passed)
      #expect(simulator.connections("github").first?["token"] == .string(token))
    }
  }
}
