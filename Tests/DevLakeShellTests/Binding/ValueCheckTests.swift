import ShellLanguage
import Testing

@testable import DevLakeShell

/// What a value of a kind may be, before anything is sent.
@Suite struct ValueCheckTests {
  static let cases: [(ValueKind, accepted: [String], refused: [String])] = [
    (
      .id, ["1", "42", "9223372036854775807"],
      ["", "0", "-1", "+1", "1.0", "01x", "one", "9223372036854775808", " 1", "1 ", "٣"]
    ),
    (
      .integer(1...100), ["1", "100"], ["", "0", "101", "-5", "1.5", "1e1", "0x10", " 7", "seven"]
    ),
    (.seconds, ["0.5", "30", "86400"], ["", "0", "-1", "86401", "nan", "inf", "1s", "ten"]),
    (.pause, ["0", "0.25", "86400"], ["", "-1", "nan", "inf", "86401", "1s"]),
    (.interval, ["0.1", "5"], ["", "0", "0.09", "nan", "inf", "-5"]),
    (
      .day, ["2027-01-31", "2028-02-29"],
      ["", "2027-02-29", "2027-13-01", "2027-00-10", "31.01.2027", "2027-1-5", "tomorrow"]
    ),
    (.age, ["90", "90d", "12w"], ["", "d", "90m", "-1d", "1.5d", "100000d", "90 d"]),
    (.choice(["json", "csv"]), ["json", "csv"], ["", "JSON", "js", "json,csv"]),
    (.method, ["GET", "post", "Delete"], ["", "GETT", "GET /x", "TRACE\n"]),
    (
      .url, ["http://localhost:8080", "https://devlake.example.com/api"],
      [
        "", "ftp://x", "http://", "http://a@b@c", "https://devlake.example.com?@192.0.2.2",
        "http://devlake.example.com#x", "http://x y",
      ]
    ),
    (
      .route, ["/version", "/plugins?page=1"],
      ["", "version", "//x", "/a/../b", "/a/%2e%2e/b", "/a#b", "http://x/y", "/a\u{1}b"]
    ),
    (
      .numberedSecret, ["1=env:X", "100=text:a"], ["", "0=x", "101=x", "x", "=x", "-1=x", "1.5=x"]
    ),
    (.field, ["name=x", "a=", "a=b=c"], ["", "name", "=x"]),
    (.namedSecret, ["X-A=env:X"], ["", "X-A", "=env:X"]),
  ]

  @Test(arguments: cases.flatMap { kind, accepted, _ in accepted.map { (kind, $0) } })
  func `a value of its kind is accepted`(kind: ValueKind, text: String) throws {
    try Self.check(kind, text)
  }

  @Test(arguments: cases.flatMap { kind, _, refused in refused.map { (kind, $0) } })
  func `anything else is a mistake of usage at its place`(kind: ValueKind, text: String) {
    let failure = #expect(throws: Failure.self, "\(text.debugDescription)") {
      try Self.check(kind, text)
    }
    #expect(failure?.exitCode == .usage)
    #expect(failure?.diagnostic.span == SourceSpan(lower: 0, upper: text.utf8.count))
  }

  @Test(arguments: ["http://me:hunter2@[bad", "https://u:hunter2@x?y", "http://hunter2@"])
  func `a password in what is refused is not shown`(text: String) {
    let failure = #expect(throws: Failure.self) { try Self.check(.url, text) }
    let shown = "\(failure?.diagnostic.message ?? "") \(failure?.diagnostic.help ?? "")"
    #expect(!shown.contains("hunter2"), "\(shown)")
  }

  private static func check(_ kind: ValueKind, _ text: String) throws(Failure) {
    let source = SourceText(name: "<test>", text: text)
    let span = SourceSpan(lower: 0, upper: text.utf8.count)
    try ValueCheck(kind: kind, name: "--value")
      .check(ArgumentValue(value: .text(text), span: span, source: source))
  }
}
