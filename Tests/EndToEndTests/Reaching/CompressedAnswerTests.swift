import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// Compressed answers are not asked for, and one that comes is told as one.
struct CompressedAnswerTests {
  @Test(arguments: ["gzip", "BR"])
  func `a compressed answer is not taken for text or JSON`(encoding: String) async throws {
    try await ProgramFixture.with { fixture in
      let answer: HTTPFront.Answer = { request in
        let asked = request.headers.first { $0.name.lowercased() == "accept-encoding" }?.value
        guard asked == "identity", request.url == "/blueprints" else {
          return HTTPFront.json(#"{"version":"v1.0.3"}"#)
        }
        return HTTPResponse(
          status: 200,
          headers: [("Content-Encoding", encoding), ("Content-Type", "application/json")],
          body: [0x1F, 0x8B, 0x08, 0x00, 0xFF]
        )
      }
      try await HTTPFront.with(answer) { front in
        fixture.environment["DEVLAKE_URL"] = front
        let api = try await fixture.run(["api", "/blueprints"])
        #expect(api.status == 1, "\(api.stderr)")
        #expect(api.stdout.isEmpty)
        #expect(api.stderr.contains("compressed (\(encoding.lowercased()))"), "\(api.stderr)")
      }
    }
  }

  @Test func `bytes that are not text are counted and not shown`() async throws {
    try await ProgramFixture.with { fixture in
      let answer: HTTPFront.Answer = { request in
        guard request.url == "/blueprints" else {
          return HTTPFront.json(#"{"version":"v1.0.3"}"#)
        }
        let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x00, 0xFF]
        return HTTPResponse(status: 200, headers: [("Content-Type", "image/png")], body: bytes)
      }
      try await HTTPFront.with(answer) { front in
        fixture.environment["DEVLAKE_URL"] = front
        let api = try await fixture.run(["api", "/blueprints"])
        #expect(api.status == 0, "\(api.stderr)")
        #expect(api.stdout.hasPrefix("8 bytes that are not text (status 200); --raw FILE"))
        let raw = try await fixture.run(["api", "/blueprints", "--raw", "out"])
        #expect(raw.status == 0, "\(raw.stderr)")
        #expect(FileManager.default.contents(atPath: fixture.folder + "/out")?.count == 8)
      }
    }
  }
}
