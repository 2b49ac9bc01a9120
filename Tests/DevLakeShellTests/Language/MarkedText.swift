import Testing

@testable import DevLakeShell
@testable import ShellLanguage

/// A text with places marked in it: `rotate ⟦githbu⟧`, or `rotate gi‸` for a cursor.
struct MarkedText {
  /// The text without its marks.
  let source: SourceText
  /// The marked places in order.
  let spans: [SourceSpan]
  /// The offset of the cursor, if there is one.
  let cursor: Int?

  init(_ marked: String) throws {
    var text: [UInt8] = []
    var starts: [Int] = []
    var spans: [SourceSpan] = []
    var cursor: Int?
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟦":
        starts.append(text.count)
      case "⟧":
        let last = starts.popLast()
        let start = try #require(last, "a mark is closed that was not opened")
        spans.append(SourceSpan(lower: start, upper: text.count))
      case "‸":
        cursor = text.count
      default:
        text += String(scalar).utf8
      }
    }
    #expect(starts.isEmpty, "a mark is not closed")
    source = SourceText(name: "test.lake", text: String(decoding: text, as: UTF8.self))
    self.spans = spans
    self.cursor = cursor
  }

  /// The part of the text at a place.
  func text(at span: SourceSpan) -> String {
    String(decoding: Array(source.text.utf8)[span.lower..<span.upper], as: UTF8.self)
  }
}

/// Parses a text that must be complete and without mistakes.
func parsed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Script {
  let result = Parser.parse(SourceText(name: "test.lake", text: text))
  #expect(result.mistakes == [], sourceLocation: sourceLocation)
  try #require(result.incompleteness == nil, sourceLocation: sourceLocation)
  return result.script
}
