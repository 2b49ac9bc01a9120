import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Which door stands in front of DevLake, and what opens it: section 7 of what was measured.
struct LoginDoorTests {
  private static let key: JSONValue = [
    "apiKeys": [["name": "ci", "apiKey": "good-key-made-up-0123456789", "allowedPath": ".*"]]
  ]

  struct Case: CustomTestStringConvertible, Sendable {
    let door: LoginDoor
    let options: String
    /// What is said; `nil`: let in.
    let says: [String]?

    var testDescription: String { "\(door.rawValue) \(options)" }
  }

  private static let forwarded =
    "--header 'X-Forwarded-User: octo' --header 'X-Forwarded-User-Secret: \(LoginDoor.forwardedSecret)'"

  static let cases = [
    Case(door: .off, options: "", says: nil),
    Case(
      door: .on,
      options: "",
      says: ["by DevLake itself", "--api-key", "FORWARDED_USER_SECRET"]
    ),
    Case(door: .on, options: "--user a --password text:b", says: ["takes no user name"]),
    Case(door: .on, options: "--api-key text:good-key-made-up-0123456789", says: nil),
    Case(door: .on, options: "--api-key text:wrong", says: ["api key is invalid"]),
    Case(door: .on, options: forwarded, says: nil),
    Case(
      door: .on,
      options: "--header 'X-Forwarded-User: octo' --header 'X-Forwarded-User-Secret: nope'",
      says: ["the forwarded user is not accepted"]
    ),
    Case(door: .onWithoutSecret, options: forwarded, says: ["which must be set"]),
    Case(
      door: .onWithoutSecret,
      options: "",
      says: ["no request can make", "without AUTH_ENABLED"]
    ),
    Case(
      door: .june,
      options: "--api-key text:good-key-made-up-0123456789",
      says: ["valid keys", "beta13", "update DevLake"]
    ),
    Case(door: .june, options: "--api-key text:wrong", says: ["api key is invalid"]),
    Case(door: .june, options: forwarded, says: nil),
  ]

  @Test(arguments: cases)
  func `the door says what opens it`(_ one: Case) async throws {
    try await ShellFixture.with(
      seed: .json(Self.key),
      era: .september2026,
      login: one.door
    ) { place in
      let words = one.options.isEmpty ? [] : try Self.words(one.options)
      let shell = await place.run("connect; status", words)
      guard let says = one.says else {
        #expect(shell.exitCode == .success, "\(shell.everything)")
        return
      }
      #expect(shell.exitCode == .unreachable, "\(shell.everything)")
      for text in says { #expect(shell.stderr.contains(text), "\(shell.stderr)") }
      #expect(!shell.everything.contains("good-key-made-up"))
      #expect(!shell.everything.contains(LoginDoor.forwardedSecret))
    }
  }

  /// The words of options, quotes taken away.
  private static func words(_ text: String) throws -> [String] {
    var words: [String] = []
    for (index, part) in text.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      if index.isMultiple(of: 2) {
        words += part.split(separator: " ").map(String.init)
      } else {
        words.append(String(part))
      }
    }
    return words
  }

  @Test func `secrets stored with another key are one finding that says what to do`() async throws {
    let rows = #"500:[{"id":1,"name":"a","token":""}]"#
    try await ShellFixture.with(
      faults: ["GET /plugins/gitlab/connections=status:\(rows)"]
    ) { place in
      let shell = await place.run("doctor --json")
      let findings = try shell.records().filter {
        ($0["message"] as? String)?.contains("ENCRYPTION_SECRET") == true
      }
      #expect(findings.count == 1, "\(shell.everything)")
      let list = await place.run("list --plugin gitlab")
      #expect(list.stderr.contains("an ENCRYPTION_SECRET other"), "\(list.stderr)")
    }
  }
}
