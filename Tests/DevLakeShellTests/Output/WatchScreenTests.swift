import DevLakeKit
import Testing

@testable import DevLakeShell

/// The rows of the screen on which a command is watched.
struct WatchScreenTests {
  private let status = WatchScreen.Status(
    run: 12,
    change: "no change since 14:03:09",
    command: "test all",
    seconds: "5"
  )

  private func lines(
    _ rows: [WatchScreen.Row],
    width: Int = 80,
    height: Int = 24,
    hasColor: Bool = false
  ) -> [String] {
    WatchScreen.lines(
      status,
      at: "14:03:59",
      rows,
      height: height,
      for: Medium(width: width, isTerminal: true, hasColor: hasColor)
    )
  }

  @Test func `the first row tells the time, the run, what changed and how to leave`() {
    #expect(
      lines([.init("✅ one")]) == [
        "14:03:59  run 12  no change since 14:03:09  test all  (every 5 s, q leaves)", "", "✅ one",
      ]
    )
    #expect(lines([], width: 20) == ["14:03:59  run 12  n…", ""])
  }

  @Test func `of what does not fit the end is shown, and the last row is left free`() {
    let rows = (1...30).map { WatchScreen.Row("row \($0)") }
    let shown = lines(rows, height: 10)
    #expect(
      shown.dropFirst()
        == ["… 24 more above", "row 25", "row 26", "row 27", "row 28", "row 29", "row 30"]
    )
    #expect(lines(rows, height: 1).count == 1)
  }

  @Test func `a row that is too long is cut, and loses its style rather than its end`() {
    let long = WatchScreen.Row(String(repeating: "x", count: 30), drawn: "\u{1B}[31m…\u{1B}[0m")
    #expect(lines([long], width: 10, hasColor: true).last == "xxxxxxxxx…")
  }

  @Test func `what was not there before is marked, in colour or in words`() {
    func run(_ names: [String]) -> WatchedRun {
      let table = Table(columns: [.init("Name")], rows: names.map { [$0] })
      let output = Output(data: .array(names.map(JSONValue.string)), view: .table(table))
      return WatchedRun(elements: [.output(output, .table)], failure: nil, code: .success)
    }
    let change = WatchedChange(from: run(["a"]), to: run(["a", "b"]))
    let plain = change.rows("Name\n────\na\nb\n", drawn: "Name\n────\na\nb\n", for: .file)
    #expect(plain.map(\.drawn) == ["Name", "────", "a", "b  ← changed"])
    let drawn = change.rows(
      "Name\n────\na\nb\n",
      drawn: "\u{1B}[1mName\u{1B}[0m\n────\na\nb\n",
      for: Medium(hasColor: true)
    )
    #expect(
      drawn.map(\.drawn) == ["\u{1B}[1mName\u{1B}[0m", "────", "a", "\u{1B}[7mb\u{1B}[27m"]
    )
    #expect(drawn.map(\.plain) == ["Name", "────", "a", "b"])
  }
}
