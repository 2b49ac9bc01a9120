/// What the parser made of an input: the tree, every mistake, and whether more must follow.
///
/// Ask `incompleteness` first: while more must follow, a mistake further up is not the end of its
/// block, and the rest of that block must not be taken for statements of their own.
package struct ParseResult: Sendable, Equatable {
  /// All statements that could be read; to be run only if there are no mistakes.
  package var script: Script
  /// In the order of their places.
  package var mistakes: [SyntaxMistake]
  /// What the input waits for at its end, or nil when its last statement is complete.
  package var incompleteness: Incompleteness?
  /// What is open at the end, as mistakes: for when nothing more will follow.
  ///
  /// Never empty when `incompleteness` is set, always empty when it is not.
  package var closingMistakes: [SyntaxMistake]

  package init(
    script: Script,
    mistakes: [SyntaxMistake] = [],
    incompleteness: Incompleteness? = nil,
    closingMistakes: [SyntaxMistake] = []
  ) {
    self.script = script
    self.mistakes = mistakes
    self.incompleteness = incompleteness
    self.closingMistakes = closingMistakes
  }

  /// Every mistake of an input that has ended, as a file has; one a place.
  package var allMistakes: [SyntaxMistake] {
    let open = closingMistakes.filter { open in !mistakes.contains { $0.span == open.span } }
    return (mistakes + open).sorted { $0.span.lower < $1.span.lower }
  }
}

extension Incompleteness {
  /// Whether one more line can make the input complete: false spares parsing it all again.
  ///
  /// Only what is open innermost counts, so a long block arriving line by line is parsed at its
  /// closing braces alone.
  package func mayEnd(with line: some StringProtocol) -> Bool {
    switch self {
    case .singleQuote: line.utf8.contains(UInt8(ascii: "'"))
    case .doubleQuote: line.utf8.contains(UInt8(ascii: "\""))
    // A parenthesis closes the capture around a block, which is a mistake to be told at once.
    case .block, .list:
      line.utf8.contains { "})]".utf8.contains($0) }
    case .capture: line.utf8.contains(UInt8(ascii: ")"))
    case .backslash: !Self.goesOn(line) || line.utf8.contains(UInt8(ascii: "#"))
    case .operand: !Self.isBlank(line) && !Self.endsInOperator(line)
    }
  }

  private static func goesOn(_ line: some StringProtocol) -> Bool {
    var end = Array(line.utf8)
    if end.last == UInt8(ascii: "\r") { end.removeLast() }
    return end.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
  }

  private static func isBlank(_ line: some StringProtocol) -> Bool {
    line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }

  /// Whether the line ends as the one before did: `a &&`, with nothing in it that could hide that.
  private static func endsInOperator(_ line: some StringProtocol) -> Bool {
    guard !line.utf8.contains(where: { "#'\"\\".utf8.contains($0) }) else { return false }
    let words = line.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard let last = words.last else { return true }
    return last.elementsEqual("&&".utf8) || last.elementsEqual("||".utf8)
  }
}
