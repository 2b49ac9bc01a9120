/// Where each part of the edited text is on a screen of a certain width.
///
/// The text wraps at the right edge and begins a new row at each newline. The cursor has a place
/// of its own: behind a full row it is on the next one.
struct LineEditorLayout {
  /// A row of the screen: a prompt, then code points of the text.
  struct Row: Equatable {
    var prompt: String
    var range: Range<Int>
    /// The column in which the row's text begins.
    var column: Int
    /// The cells that are filled, the prompt's among them.
    var width: Int
    /// Whether the text goes on in the next row without a newline.
    var wraps: Bool
  }

  private(set) var rows: [Row] = []
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0
  private let columns: Int

  /// - Parameters:
  ///   - prompts: What is before the rows that begin the text and follow a newline; the last
  ///     one is used again.
  init(line: EditedLine, prompts: [String], columns: Int) {
    self.columns = max(columns, 2)
    var remaining = prompts[...]
    begin(remaining.popFirst() ?? "", at: 0)
    let scalars = line.scalars
    var index = 0
    while index < scalars.count {
      if index == line.cursor { placeCursor() }
      let plain = plainRun(in: scalars, at: index, cursor: line.cursor)
      if plain > 0 {
        rows[rows.count - 1].width += plain
        index += plain
        rows[rows.count - 1].end(at: index)
        continue
      }
      if scalars[index] == "\n" {
        index += 1
        let prompt = remaining.popFirst() ?? prompts.last ?? ""
        begin(prompt, at: index)
        continue
      }
      var cluster = Cluster(in: scalars, at: index, column: rows[rows.count - 1].width)
      if rows[rows.count - 1].width + cluster.width > self.columns {
        wrap(at: index)
        // A tab is another one in another column.
        cluster = Cluster(in: scalars, at: index, column: 0)
      }
      rows[rows.count - 1].append(cluster, upTo: index + cluster.count)
      if line.cursor > index, line.cursor < index + cluster.count { placeCursor() }
      index += cluster.count
    }
    if line.cursor >= scalars.count {
      if rows[rows.count - 1].width >= self.columns { wrap(at: index) }
      placeCursor()
    }
  }

  /// The row as it is written to the terminal: tabs as blanks, control characters as `^X`.
  func text(of row: Row, in line: EditedLine, looks: LineLooks = LineLooks()) -> String {
    // The continuation's prompts begin behind a line break, and stay plain.
    let isFirst = row.range.lowerBound == 0
    var text = isFirst ? looks.prompt?.styled(row.prompt) ?? row.prompt : row.prompt
    var column = row.column
    var index = row.range.lowerBound
    var look: UInt8 = 0
    while index < row.range.upperBound {
      let cluster = Cluster(in: line.scalars, at: index, column: column)
      text += looks.change(at: index, present: &look)
      text += cluster.text(in: line.scalars, at: index)
      column += cluster.width
      index += cluster.count
    }
    // A row ends as it began: the next one may stay as it is on the screen.
    return look == 0 ? text : text + "\u{1B}[0m"
  }

  /// How many code points at a place are ASCII of one cell each, within the row.
  ///
  /// The cursor ends a run, as its place is asked for. Most of a long text is such runs.
  private func plainRun(in scalars: [Unicode.Scalar], at start: Int, cursor: Int) -> Int {
    let room = columns - rows[rows.count - 1].width
    let limit = min(scalars.count - 1, start + room, cursor > start ? cursor : .max)
    var end = start
    // The next one may be an accent that joins the last one.
    while end < limit, (0x20..<0x7F).contains(scalars[end].value), scalars[end + 1].value < 0x300 {
      end += 1
    }
    return end - start
  }

  private mutating func begin(_ prompt: String, at index: Int) {
    // A prompt as wide as the screen would leave no room for the text.
    let shown = prompt.clipped(to: max(0, columns - 2), ellipsis: "")
    let width = DisplayWidth.cells(of: shown)
    rows.append(Row(prompt: shown, range: index..<index, column: width, width: width, wraps: false))
  }

  private mutating func wrap(at index: Int) {
    rows[rows.count - 1].wraps = true
    rows.append(Row(prompt: "", range: index..<index, column: 0, width: 0, wraps: false))
  }

  private mutating func placeCursor() {
    cursorRow = rows.count - 1
    cursorColumn = rows[cursorRow].width
    // The next character begins the next row, and that is where the cursor is shown.
    if cursorColumn >= columns {
      cursorRow += 1
      cursorColumn = 0
    }
  }
}

extension LineEditorLayout.Row {
  fileprivate mutating func end(at index: Int) { range = range.lowerBound..<index }

  fileprivate mutating func append(_ cluster: LineEditorLayout.Cluster, upTo end: Int) {
    width += cluster.width
    range = range.lowerBound..<end
  }
}

extension LineEditorLayout {
  /// What the terminal draws as one character.
  fileprivate struct Cluster {
    private enum Form {
      case plain
      case blanks
      case control
      case harmful
    }

    let count: Int
    let width: Int
    private let form: Form

    init(in scalars: [Unicode.Scalar], at index: Int, column: Int) {
      let scalar = scalars[index]
      let next = index + 1 < scalars.count ? scalars[index + 1].value : 0
      switch scalar.value {
      case 0x20..<0x7F where next < 0x300: (count, width, form) = (1, 1, .plain)
      case 0x09:
        let distance = DisplayWidth.tabDistance
        (count, width, form) = (1, distance - column % distance, .blanks)
      case 0..<0x20, 0x7F: (count, width, form) = (1, 2, .control)
      default:
        guard !TerminalText.isHarmful(scalar) else {
          (count, width, form) = (1, 1, .harmful)
          return
        }
        let character = EditedLine.string(scalars[index...].prefix(32)).first ?? "\u{FFFD}"
        count = character.unicodeScalars.count
        width = DisplayWidth.cells(of: character)
        form = .plain
      }
    }

    func text(in scalars: [Unicode.Scalar], at index: Int) -> String {
      switch form {
      case .plain: EditedLine.string(scalars[index..<(index + count)])
      case .blanks: String(repeating: " ", count: width)
      case .control: "^" + String(Unicode.Scalar(UInt8(scalars[index].value) ^ 0x40))
      case .harmful: "\u{FFFD}"
      }
    }
  }
}
