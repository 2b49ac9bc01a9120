extension LineEditor {
  /// Does what a key is bound to; true ends the reading.
  func perform(_ action: LineEditorAction) -> Bool {
    switch action {
    case .accept: return menu == nil ? accept() : acceptFromMenu()
    case .interrupt: return interrupt()
    case .endOrDelete: return endOrDelete()
    // A search shows the line it began in: not of a secret.
    case .searchBackward: return dot == nil && search(.older)
    case .searchForward: return dot == nil && search(.newer)
    case .newline: insert("\n")
    case .suspend: suspend()
    case .complete: if menu == nil { complete() } else { completeFromMenu() }
    case .completeBack: completeBack()
    case .lastWord: insertLastWord()
    case .editElsewhere: editInOtherProgram()
    case .pageUp: turnPage(down: false)
    case .pageDown: turnPage(down: true)
    case .paste: paste()
    case .up: if let answer = answerOfUp { return accept(answer) } else { move(.older) }
    case .down: move(.newer)
    case .olderMatch: recall(history.match(.older, from: handle.line))
    case .newerMatch: recall(history.match(.newer, from: handle.line))
    case .oldest: recall(history.farthest(.older, from: handle.line))
    case .newest: recall(history.farthest(.newer, from: handle.line))
    case .left: handle.move(-handle.line.lengthBefore)
    case .right: right()
    case .wordLeft: moveCursor(to: handle.line.wordStart)
    case .wordRight: wordRight()
    case .rowStart: moveCursor(to: handle.line.rowStart)
    case .rowEnd: moveCursor(to: handle.line.rowEnd)
    case .backspace: handle.deleteBefore(handle.line.lengthBefore)
    case .delete: deleteAfter()
    case .clearScreen: clearScreen()
    case .quote: if let scalar = nextLiteral() { handle.insert([scalar]) }
    case .undo: if let earlier = changes.undo(from: handle.line) { handle.line = earlier }
    case .prefill: insert(prefilled)
    case .ignore: break
    }
    return false
  }

  func insert(_ text: String) { handle.insert(text.unicodeScalars) }

  func moveCursor(to index: Int) { handle.move(index - handle.line.cursor) }

  /// Remembers the line as it was, so that it is possible again.
  func noteChange() { changes.note(handle.line) }

  /// Gives up the line; also from within a search or a paste.
  func interrupt() -> Bool {
    drawFinally(mark: "^C")
    outcome = .interrupt
    return true
  }

  func accept() -> Bool {
    let text = handle.line.text
    guard isComplete(text) else {
      insert("\n")
      return false
    }
    drawFinally()
    outcome = .line(text)
    return true
  }

  /// What Up answers now: nothing where it has somewhere to go, or something was typed.
  private var answerOfUp: String? {
    guard menu == nil, ["", prefilled].contains(handle.line.text) else { return nil }
    return upAnswer
  }

  private func accept(_ answer: String) -> Bool {
    handle.line = EditedLine(answer)
    return accept()
  }

  private func endOrDelete() -> Bool {
    guard handle.line.scalars.isEmpty else {
      deleteAfter()
      return false
    }
    drawFinally()
    return true
  }

  private func deleteAfter() {
    let count = handle.line.lengthAfter
    handle.move(count)
    handle.deleteBefore(count)
  }

  private func suspend() {
    drawFinally()
    if !settings.isDumb { send(Self.pasteOff) }
    handle.leaveRawMode()
    TerminalGuard.suspend()
    // The SIGCONT that ended the stop is answered here.
    _ = TerminalGuard.takeSignals()
    resume()
  }

  /// Hands the line to another program; it comes back changed and waits for Enter.
  private func editInOtherProgram() {
    guard dot == nil else { return }
    let text = handle.line.text
    drawFinally()
    if !settings.isDumb { send(Self.pasteOff) }
    handle.leaveRawMode()
    TerminalGuard.endEditing()
    let changed = editElsewhere(text)
    TerminalGuard.beginEditing(
      wakingThrough: waker.writing,
      isPasteBracketed: !settings.isDumb
    )
    resume()
    if !settings.isDumb { goToNewRow() }
    size = LineEditorSize(of: output)
    if let changed { handle.line = EditedLine(changed) }
  }

  private func right() {
    if let hint = acceptableHint { return insert(hint) }
    handle.move(handle.line.lengthAfter)
  }

  private func wordRight() {
    guard let hint = acceptableHint else { return moveCursor(to: handle.line.wordEnd) }
    let line = EditedLine(scalars: Array(hint.unicodeScalars), cursor: 0)
    handle.insert(line.scalars[..<line.wordEnd])
  }

  private var acceptableHint: String? {
    refreshHint()
    guard let hint = shownHint, hint.isAcceptable, !hint.text.isEmpty else { return nil }
    return hint.text
  }

  /// A line longer than this is data, and whoever makes hints need not look at it at each key.
  private static let longestHinted = 4096

  /// Asks for a hint if the line is another one than the last time.
  func refreshHint() {
    let line = handle.line
    guard settings.showsHints, overlay == nil, line.isAtEnd,
      (1...Self.longestHinted).contains(line.scalars.count)
    else {
      (shownHint, hintedLine) = (nil, nil)
      return
    }
    guard line != hintedLine else { return }
    hintedLine = line
    shownHint = hint(line.text).map {
      Hint(TerminalText.sanitized($0.text), isAcceptable: $0.isAcceptable)
    }
  }
}

/// Earlier states of the line, for undo.
struct LineEditorChanges {
  private var states: [EditedLine] = [EditedLine()]
  private static let limit = 200
  /// Lines longer than this are not kept: each state holds the whole text.
  private static let longest = 20_000

  /// Keeps the line if it differs from the last one; letters typed in a row are one change.
  mutating func note(_ line: EditedLine) {
    guard line.scalars.count <= Self.longest, line.scalars != states.last?.scalars else { return }
    if states.count > 1, isTyping(line) { states.removeLast() }
    states.append(line)
    if states.count > Self.limit { states.removeFirst() }
  }

  mutating func undo(from line: EditedLine) -> EditedLine? {
    if states.last?.scalars == line.scalars, states.count > 1 { states.removeLast() }
    return states.last
  }

  private func isTyping(_ line: EditedLine) -> Bool {
    guard let last = states.last, states.count > 1 else { return false }
    let before = states[states.count - 2]
    return line.scalars.count == last.scalars.count + 1
      && last.scalars.count > before.scalars.count
      && line.scalars[max(0, line.cursor - 1)] != " "
  }
}
