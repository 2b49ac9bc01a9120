#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension LineEditor {
  /// Shows the line as it is now, with a hint behind it if there is one.
  func draw() {
    refreshHint()
    draw(shownLine, hint: shownHint)
  }

  /// The line as it may be seen: of a secret a few dots and how long it is.
  var shownLine: EditedLine {
    guard let dot else { return handle.line }
    let line = handle.line
    let count = EditedLine.string(line.scalars[...]).count
    let isLong = count > Self.mostDots
    var shown = EditedLine(String(repeating: dot, count: isLong ? Self.mostDots : count))
    if isLong { shown.scalars += Array(" (\(count) characters)".unicodeScalars) }
    shown.cursor = line.isAtEnd ? shown.scalars.count : min(line.cursor, Self.mostDots)
    return shown
  }

  private static let mostDots = 8

  /// Shows the whole line without a hint, `mark` behind it, and goes to a row of its own.
  func drawFinally(mark: String = "") {
    var line = shownLine
    line.cursor = line.scalars.count
    overlay = nil
    draw(line, hint: nil, isFinal: true)
    // Behind a full row the cursor is on a row of its own already.
    let isOnNewRow = screen.rows.count > 1 && screen.rows.last?.text == ""
    screen.forget()
    top = nil
    send(isOnNewRow && mark.isEmpty ? "" : mark + "\r\n")
  }

  /// Shows rows that are above the line and stay there.
  func show(_ rows: [String]) {
    if !settings.isDumb { goToNewRow() }
    send(rows.map { TerminalText.sanitized($0) + "\r\n" }.joined())
  }

  /// Takes the line off the screen, writes text in its place; the next ``draw()`` is below.
  func write(above text: String) {
    var text = text
    if settings.isDumb {
      text = "\r" + String(repeating: " ", count: dumbWidth) + "\r" + text
      dumbWidth = 0
    } else {
      text = screen.erase() + text
      top = nil
    }
    send(text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n"))
  }

  /// Draws again when the terminal has another size than what is on it was drawn for.
  func redrawIfResized() {
    let (before, size) = (self.size, LineEditorSize(of: output))
    guard size != before else { return }
    self.size = size
    guard !settings.isDumb else { return }
    let isDifferent = size.columns != before.columns || screen.rows.count > size.rows
    guard isDifferent || top?.hasLost == true else { return }
    // tmux, VTE and kitty have wrapped the rows again: the cursor is where the layout at the
    // new width has it. Counted at the old width, a row above the prompt would be eaten.
    let layout = LineEditorLayout(
      line: overlay?.line ?? shownLine,
      prompts: prompts,
      columns: size.columns
    )
    if max(layout.rows.count, screen.rowCount(columns: size.columns)) > size.rows {
      clearScreen()
    } else {
      let drawn = screen.rows.count
      let stale = top?.resized(
        from: drawn,
        to: screen.rowCount(columns: size.columns),
        columns: size.columns,
        growth: size.rows - before.rows
      )
      screen.reflow(cursorRow: layout.cursorRow + (stale ?? 0))
      send(screen.erase())
    }
  }

  /// Goes to a row of its own when a command's output has not ended its last one.
  ///
  /// As many blanks as a row has leave the cursor in its row only if that was empty. Erasing the
  /// row then takes it from the output's row, to which the terminal thinks it belongs.
  func goToNewRow() {
    send(String(repeating: " ", count: size.columns) + "\r\u{1B}[K")
  }

  func clearScreen() {
    guard !settings.isDumb else { return }
    // Terminals keep what they clear: the line is not done and comes again.
    send(screen.erase() + "\u{1B}[H\u{1B}[2J")
    top = LineEditorTop()
  }

  /// What is before each row.
  var prompts: [String] {
    if let overlay { return [overlay.prompt] }
    let line = shownLine
    guard line.scalars.contains("\n") else { return [prompt] }
    if continuation.of != line.scalars {
      continuation = (line.scalars, continuationPrompts(line.text))
    }
    return [prompt] + (continuation.prompts.isEmpty ? [""] : continuation.prompts)
  }

  private func draw(_ line: EditedLine, hint: Hint?, isFinal: Bool = false) {
    let line = overlay?.line ?? line
    if settings.isDumb { return drawOnOneRow(line) }
    let (columns, height) = (size.columns, size.rows)
    let layout = LineEditorLayout(line: line, prompts: prompts, columns: columns)
    // Taller than the screen: the part around the cursor, moved no more than needed.
    let last = max(0, layout.rows.count - height)
    firstRow = min(min(firstRow, last), layout.cursorRow)
    firstRow = max(firstRow, layout.cursorRow - height + 1)
    let shown = layout.rows[firstRow..<min(firstRow + height, layout.rows.count)]
    let looks = looks(of: line)
    var rows = shown.map { row in
      LineEditorScreen.Row(
        text: layout.text(of: row, in: line, looks: looks),
        width: row.width,
        wraps: row.wraps
      )
    }
    if line.isAtEnd, !isFinal, let last = rows.indices.last {
      rows[last].append(tail(hint, room: columns - rows[last].width))
    }
    if !isFinal, menu != nil { rows += menuRows(below: rows.count) }
    send(
      screen.show(
        rows,
        cursorRow: layout.cursorRow - firstRow,
        column: layout.cursorColumn,
        columns: columns
      )
    )
  }

  /// The hint, clipped to the row; without one a blank to be on.
  ///
  /// When the terminal wraps its rows again it takes a cursor behind the last character to the end
  /// of that one's row; on a character it goes where the layout expects it.
  private func tail(_ hint: Hint?, room: Int) -> LineEditorScreen.Row {
    let clipped = hint?.text.clipped(to: max(0, room - 1), ellipsis: "") ?? ""
    guard !clipped.isEmpty else { return LineEditorScreen.Row(text: " ", width: 1, wraps: false) }
    return LineEditorScreen.Row(
      text: "\u{1B}[2m\(clipped)\u{1B}[22m",
      width: DisplayWidth.cells(of: clipped),
      wraps: false
    )
  }

  /// A terminal that can only go back to the row's start: one row, scrolled sideways.
  private func drawOnOneRow(_ line: EditedLine) {
    let width = max(size.columns - 1, 8)
    let flat = EditedLine(
      scalars: line.scalars.map { $0 == "\n" ? " " : $0 },
      cursor: line.cursor
    )
    let layout = LineEditorLayout(line: flat, prompts: [prompts[0]], columns: .max)
    let text = layout.text(of: layout.rows[0], in: flat)
    let start = max(0, layout.cursorColumn - width + 1)
    var shown = ""
    var beforeCursor = ""
    var column = 0
    for character in text {
      let cells = DisplayWidth.cells(of: character)
      if column >= start, column + cells <= start + width {
        shown.append(character)
        if column < layout.cursorColumn { beforeCursor.append(character) }
      }
      column += cells
    }
    let cells = DisplayWidth.cells(of: shown)
    let blanks = String(repeating: " ", count: max(0, dumbWidth - cells))
    let frame = "\r" + shown + blanks + "\r" + beforeCursor
    if frame != dumbFrame || dumbWidth == 0 { send(frame) }
    (dumbFrame, dumbWidth) = (frame, cells)
  }

  /// Writes to the terminal; one that went away is noticed when it is read.
  func send(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = systemWrite(output, rest.baseAddress, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EAGAIN {
          var waiter = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
          _ = poll(&waiter, 1, -1)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}

/// `write(2)`, which a method of the editor hides.
private let systemWrite = write

/// A terminal's size in cells.
struct LineEditorSize: Equatable {
  var columns = 80
  var rows = 24

  /// That of the terminals of old when this one does not say.
  init(of terminal: CInt) {
    var size = winsize()
    guard ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return }
    (columns, rows) = (Int(size.ws_col), max(Int(size.ws_row), 1))
  }
}
