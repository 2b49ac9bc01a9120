import Testing

@testable import DevLakeShell

/// How ages read.
///
/// The moment is 2026-11-22T13:07:15Z.
struct AgeTests {
  @Test(
    arguments: [
      ("2026-11-22T13:07:15Z", "0 s"), ("2026-11-22T13:06:30.123456789Z", "45 s"),
      ("2026-11-22T14:00:15+01:00", "7 min"), ("2026-11-22T10:07:14.5Z", "3 h"),
      ("2026-11-19T13:07:15Z", "3 d"), ("2024-02-29T00:00:00Z", "2 y"),
      ("2020-01-01T00:00:00Z", "6 y"),
      ("2027-01-01T00:00:00Z", "0 s"),
    ]
  )
  func `an age is one number and its unit`(time: String, expected: String) {
    #expect(Age.text(since: time, now: 1_795_352_835) == expected)
  }

  @Test(arguments: ["", "yesterday", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T1:2Z"])
  func `what is no time has no age`(text: String) {
    #expect(Age.text(since: text, now: 0) == nil)
  }
}
