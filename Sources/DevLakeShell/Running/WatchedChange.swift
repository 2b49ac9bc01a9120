import DevLakeKit

/// What is different between two runs of a repeated command.
///
/// Lines are compared without the blanks that align them, as one longer name moves every column; and
/// data without the times that differ in every run.
struct WatchedChange {
  /// Whether anything is different.
  let isChange: Bool
  /// One line on it; `nil` for the first run.
  let summary: String?
  /// The lines that are there no more, for people's formats.
  let gone: [String]
  /// How often each line stood in the run before; `nil` for the first run.
  private let before: [String: Int]?

  init(from previous: WatchedRun?, to run: WatchedRun) {
    guard let previous else {
      (isChange, summary, gone, before) = (true, nil, [], nil)
      return
    }
    let (old, new) = (Self.lines(of: previous), Self.lines(of: run))
    let oldCounts = Self.counts(old)
    before = oldCounts
    gone = Self.surplus(old, over: Self.counts(new))
    let added = Self.surplus(new, over: oldCounts).count
    let differs =
      Self.data(of: previous) != Self.data(of: run)
      || previous.code != run.code
      || previous.failure?.diagnostic.message != run.failure?.diagnostic.message
    isChange = differs || added > 0 || !gone.isEmpty
    var parts: [String] = []
    if added > 0 { parts.append("\(added) \(added == 1 ? "line" : "lines") changed") }
    if !gone.isEmpty { parts.append("\(gone.count) gone") }
    if parts.isEmpty { parts.append(isChange ? "changed" : "no change") }
    summary = parts.joined(separator: ", ")
  }

  /// The text with every line marked that was not there before.
  ///
  /// - Parameter drawn: The same lines with their styles.
  func marked(_ text: String, drawn: String, for medium: Medium) -> String {
    guard before != nil else { return drawn }
    return rows(text, drawn: drawn, for: medium).map { $0.drawn + "\n" }.joined()
  }

  /// The same, row by row.
  func rows(_ text: String, drawn: String, for medium: Medium) -> [WatchScreen.Row] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let styled = drawn.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard lines.count == styled.count else { return lines.map { .init(String($0)) } }
    guard var left = before else {
      return zip(lines, styled).map { .init(String($0), drawn: String($1)) }
    }
    return zip(lines, styled).map { line, styled in
      let key = Self.key(line)
      if key.isEmpty || left[key, default: 0] > 0 {
        left[key, default: 0] -= 1
        return .init(String(line), drawn: String(styled))
      }
      if medium.hasColor { return .init(String(line), drawn: "\u{1B}[7m\(line)\u{1B}[27m") }
      return .init(line + (medium.isUTF8 ? "  ← changed" : "  <- changed"))
    }
  }

  /// The lines people would see, of their own formats.
  private static func lines(of run: WatchedRun) -> [String] {
    run.elements.flatMap { element -> [String] in
      guard case .output(let output, let format) = element, !format.isForMachines else { return [] }
      return format.render(output).split(separator: "\n").map { key($0) }.filter { !$0.isEmpty }
    }
  }

  private static func data(of run: WatchedRun) -> [JSONValue] {
    run.elements.compactMap { element in
      switch element {
      case .output(let output, _): withoutTimes(output.data)
      case .text(let text): .string(text)
      case .note: nil
      }
    }
  }

  /// `elapsedMs` is another number each time and no change.
  private static func withoutTimes(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(withoutTimes))
    case .object(let object):
      .object(
        JSONObject(
          object.members.filter { $0.key != "elapsedMs" }.map { ($0.key, withoutTimes($0.value)) }
        )
      )
    case .null, .bool, .number, .string: value
    }
  }

  /// What a line says, whatever aligns it; nothing for the rule below a header.
  private static func key(_ line: Substring) -> String {
    let words = line.split { $0 == " " }
    guard !words.allSatisfy({ $0.allSatisfy { $0 == "─" || $0 == "-" } }) else { return "" }
    return words.joined(separator: " ")
  }

  private static func counts(_ lines: [String]) -> [String: Int] {
    Dictionary(lines.map { ($0, 1) }, uniquingKeysWith: +)
  }

  private static func surplus(_ lines: [String], over counts: [String: Int]) -> [String] {
    var counts = counts
    return lines.filter { line in
      counts[line, default: 0] -= 1
      return counts[line, default: 0] < 0
    }
  }
}
