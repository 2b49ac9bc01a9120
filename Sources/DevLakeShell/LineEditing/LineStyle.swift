/// How a part of the line stands out while it is typed.
package struct LineStyle: Sendable, Equatable {
  /// The sixteen colours of every terminal, none of which is lost on white or on black; what is
  /// wrong is underlined as well, for those who cannot tell colours apart.
  package enum Look: UInt8, Sendable {
    case wrong = 1
    case name
    case option
    case text
    case value
    case comment

    fileprivate var on: String {
      switch self {
      case .wrong: "31;4"
      case .name: "1"
      case .option: "36"
      case .text: "32"
      case .value: "35"
      case .comment: "2"
      }
    }
  }

  /// Offsets in the line's UTF-8.
  package var range: Range<Int>
  package var look: Look

  package init(_ look: Look, _ range: Range<Int>) { (self.look, self.range) = (look, range) }
}

/// How the beginning of a prompt stands out: bold, in one of the colours every terminal has.
package struct PromptStyle: Sendable, Equatable {
  package enum Color: String, Sendable, CaseIterable {
    case red, green, yellow, blue, magenta, cyan, white

    fileprivate var on: String {
      switch self {
      case .red: "31"
      case .green: "32"
      case .yellow: "33"
      case .blue: "34"
      case .magenta: "35"
      case .cyan: "36"
      case .white: "37"
      }
    }
  }

  package var color: Color
  /// How many characters of the prompt are coloured.
  package var length: Int

  package init(_ color: Color, length: Int) { (self.color, self.length) = (color, length) }

  /// The prompt as it is written to the terminal, however much of it fits a row.
  func styled(_ prompt: String) -> String {
    let head = prompt.prefix(length)
    return head.isEmpty
      ? prompt : "\u{1B}[0;1;\(color.on)m\(head)\u{1B}[0m\(prompt.dropFirst(length))"
  }
}

/// The look of each code point of a line; empty: nothing stands out.
struct LineLooks: Equatable {
  private var looks: [UInt8] = []
  /// How the prompt before the line stands out; `nil`: not at all.
  var prompt: PromptStyle?

  /// Later styles cover earlier ones.
  init(_ styles: [LineStyle], of line: EditedLine) {
    guard !styles.isEmpty else { return }
    looks = Array(repeating: 0, count: line.scalars.count)
    // One walk finds the code point of every offset in UTF-8.
    var indices: [Int] = []
    for (index, scalar) in line.scalars.enumerated() {
      indices.append(contentsOf: repeatElement(index, count: UTF8.width(scalar)))
    }
    for style in styles where style.range.upperBound <= indices.count && !style.range.isEmpty {
      for index in indices[style.range.lowerBound]...indices[style.range.upperBound - 1] {
        looks[index] = style.look.rawValue
      }
    }
  }

  init() {}

  /// What the terminal gets before the code point at `index`, when `present` is what it was sent last.
  func change(at index: Int, present: inout UInt8) -> String {
    let look = looks.indices.contains(index) ? looks[index] : 0
    guard look != present else { return "" }
    present = look
    let on = LineStyle.Look(rawValue: look).map { "\u{1B}[0;\($0.on)m" }
    return on ?? "\u{1B}[0m"
  }
}

extension LineEditor {
  /// A line longer than this is data, and need not be coloured at each key.
  private static let longestStyled = 4096

  /// The looks of the line as it is shown, and of the prompt before it.
  func looks(of line: EditedLine) -> LineLooks {
    var looks = typedLooks(of: line)
    if overlay == nil { looks.prompt = shownPromptStyle }
    return looks
  }

  private func typedLooks(of line: EditedLine) -> LineLooks {
    guard settings.hasColor, dot == nil, overlay == nil, menu == nil,
      (1...Self.longestStyled).contains(line.scalars.count)
    else { return LineLooks() }
    if let known = styledLine, known.line == line.scalars { return known.looks }
    let looks = LineLooks(styles(line.text), of: line)
    styledLine = (line.scalars, looks)
    return looks
  }
}
