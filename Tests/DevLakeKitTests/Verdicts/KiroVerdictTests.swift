import Testing

@testable import DevLakeKit

/// Kiro's test answers without `success`: what was found tells what it came to.
struct KiroVerdictTests {
  @Test(
    arguments: [
      ("test-ok", .passed, nil, nil), ("test-two-buckets", .passed, nil, nil),
      ("test-bucket-empty", .unverified, nil, "no account directories"),
      ("test-region-other", .unverified, nil, "check the region"),
      ("test-bucket-denied", .failed, .permission, nil),
      ("test-bucket-missing", .failed, .unknown, nil),
      ("test-wrong-key-id", .failed, .credential, nil),
      ("test-bad-secret", .failed, .credential, nil),
      ("test-ok-without-name", .failed, .unknown, nil),
    ] as [(String, Verdict.Outcome, Verdict.Cause?, String?)]
  )
  func `found, empty and refused are told apart`(
    _ name: String,
    _ outcome: Verdict.Outcome,
    _ cause: Verdict.Cause?,
    _ hint: String?
  ) throws {
    let exchange = try #require(ContractExchange.all(of: "2026/kiro").first { $0.name == name })
    let answer = try #require(exchange.answers.first)
    let response = HTTPResponse(
      status: answer.status,
      headers: [("content-type", answer.contentType ?? "")],
      body: answer.body.map { Array($0.text.utf8) } ?? []
    )
    var reader = VerdictReader(plugin: .kiro, endpoint: nil, authMethod: nil)
    let verdict = reader.verdict(of: APIAnswer(response, redactor: Redactor()))
    #expect(verdict.outcome == outcome, "\(verdict)")
    #expect(verdict.cause == cause, "\(verdict)")
    if let hint { #expect(verdict.hint?.contains(hint) == true, "\(verdict)") }
  }
}
