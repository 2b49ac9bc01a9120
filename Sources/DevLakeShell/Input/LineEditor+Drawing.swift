import Glibc

extension LineEditor {
  /// The terminal's size, or that of the terminals of old when it does not say.
  var terminalSize: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (Int(size.ws_col), max(Int(size.ws_row), 1))
  }

  /// Shows the line as it is now, with a hint behind it if there is one.
  func draw() {
    refreshHint()
    draw(handle.line, hint: shownHint)
  }

  /// Shows the whole line without a hint, `mark` behind it, and goes to a row of its own.
  func drawFinally(mark: String = "") {
    var line = handle.line
    line.cursor = line.scalars.count
    overlay = nil
    draw(line, hint: nil)
    screen.forget()
    send(mark + "\r\n")
  }

  /// Takes the line off the screen, writes text in its place; the next ``draw()`` is below.
  func write(above text: String) {
    var text = text
    if settings.isDumb {
      text = "\r" + String(repeating: " ", count: dumbWidth) + "\r" + text
      dumbWidth = 0
    } else {
      text = screen.erase() + text
    }
    send(text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n"))
  }

  /// Draws anew after the terminal has another size.
  func redrawAfterResize() {
    let (columns, height) = terminalSize
    defer { drawnColumns = columns }
    guard columns != drawnColumns || screen.rows.count > height else { return draw() }
    // tmux, VTE and kitty have wrapped the rows anew: the cursor stands where the layout at the
    // new width has it. Counted at the old width, a row above the prompt would be eaten.
    let layout = LineEditorLayout(
      line: overlay?.line ?? handle.line,
      prompts: prompts,
      columns: columns
    )
    if layout.rows.count > height || screen.rows.count > height {
      send("\u{1B}[H\u{1B}[2J")
      screen.forget()
    } else {
      screen.reflow(cursorRow: layout.cursorRow)
      send(screen.erase())
    }
    draw()
  }

  func clearScreen() {
    guard !settings.isDumb else { return }
    screen.forget()
    send("\u{1B}[H\u{1B}[2J")
  }

  /// What stands before each row.
  var prompts: [String] {
    if let overlay { return [overlay.prompt] }
    let line = handle.line
    guard line.scalars.contains("\n") else { return [prompt] }
    let text = line.text
    if continuation.text != text { continuation = (text, continuationPrompts(text)) }
    return [prompt] + (continuation.prompts.isEmpty ? [""] : continuation.prompts)
  }

  private func draw(_ line: EditedLine, hint: Hint?) {
    let line = overlay?.line ?? line
    if settings.isDumb { return drawOnOneRow(line) }
    let (columns, height) = terminalSize
    drawnColumns = columns
    let layout = LineEditorLayout(line: line, prompts: prompts, columns: columns)
    // Taller than the screen: the part around the cursor, moved no more than needed.
    let last = max(0, layout.rows.count - height)
    firstRow = min(min(firstRow, last), layout.cursorRow)
    firstRow = max(firstRow, layout.cursorRow - height + 1)
    let shown = layout.rows[firstRow..<min(firstRow + height, layout.rows.count)]
    var rows = shown.map { row in
      LineEditorScreen.Row(
        text: layout.text(of: row, in: line),
        width: row.width,
        wraps: row.wraps
      )
    }
    if let hint, let last = rows.indices.last {
      let clipped = hint.text.clipped(to: max(0, columns - rows[last].width - 1), ellipsis: "")
      if !clipped.isEmpty {
        rows[last].text += "\u{1B}[2m\(clipped)\u{1B}[22m"
        rows[last].width += DisplayWidth.cells(of: clipped)
      }
    }
    send(
      screen.show(
        rows,
        cursorRow: layout.cursorRow - firstRow,
        column: layout.cursorColumn,
        columns: columns
      )
    )
  }

  /// A terminal that can only go back to the row's start: one row, scrolled sideways.
  private func drawOnOneRow(_ line: EditedLine) {
    let width = max(terminalSize.columns - 1, 8)
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
        let count = Glibc.write(output, rest.baseAddress, rest.count)
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
