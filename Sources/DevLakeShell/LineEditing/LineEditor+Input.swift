/// What a person did at the keyboard.
enum LineEditorKey: Equatable {
  case scalar(Unicode.Scalar)
  case action(LineEditorAction)
  /// An escape sequence that libedit or an editrc knows.
  case sequence(String)
}

extension LineEditor {
  /// The next code point for libedit, nil at the end of input; draws the line before it waits.
  func nextScalar() -> Unicode.Scalar? {
    if !pendingScalars.isEmpty { return pendingScalars.removeFirst() }
    noteChange()
    guard let key = nextKey() else { return nil }
    pendingScalars = scalars(of: key)
    return pendingScalars.isEmpty ? nextScalar() : pendingScalars.removeFirst()
  }

  /// Gives a key back: it is the next one libedit sees.
  func unread(_ key: LineEditorKey) { pendingScalars += scalars(of: key) }

  private func scalars(of key: LineEditorKey) -> [Unicode.Scalar] {
    switch key {
    case .scalar(let scalar): [scalar]
    case .action(let action): action.scalars
    case .sequence(let sequence): Array(sequence.unicodeScalars)
    }
  }

  /// Waits for a key.
  ///
  /// Sequences nobody knows are swallowed whole, so that nothing leaks into the line.
  func nextKey() -> LineEditorKey? {
    while let key = nextTerminalKey() {
      if let known = meaning(of: key) { return known }
    }
    guard wasInterrupted else { return nil }
    wasInterrupted = false
    decoder = KeyDecoder()
    return .action(.interrupt)
  }

  /// The next code point as it was typed, whatever it is bound to.
  func nextLiteral() -> Unicode.Scalar? {
    decoder.isLiteral = true
    return switch nextTerminalKey() {
    case .scalar(let scalar): scalar
    case .malformed: "\u{FFFD}"
    default: nil
    }
  }

  /// The next key as the terminal sent it; nil at the end of input, or when ``wasInterrupted``.
  private func nextTerminalKey() -> TerminalKey? {
    while true {
      if let key = decoder.next() { return key }
      // Waits for as long as it takes, as libedit itself would: a slow line may cut a sequence.
      // vi's insert mode must answer ESC itself at once.
      if decoder.isBehindEscape, handle.usesViKeys, !hasInput(within: 50) {
        decoder.giveUp()
      } else if let byte = nextByte() {
        decoder.take(byte)
        decoder.takePaste(&pendingBytes)
      } else {
        if !wasInterrupted { decoder.giveUp() }
        return wasInterrupted ? nil : decoder.next()
      }
    }
  }

  private func meaning(of key: TerminalKey) -> LineEditorKey? {
    switch key {
    case .scalar(let scalar): return meaning(of: scalar)
    case .malformed: return .scalar("\u{FFFD}")
    case .meta(let scalar): return metaKey(scalar)
    case .escape: return handle.usesViKeys ? .scalar("\u{1B}") : nil
    case .paste(let text):
      pastedText = text
      return .action(.paste)
    case .sequence(let sequence):
      if let action = LineEditorKeys.sequences[sequence] { return .action(action) }
      if handle.isBound(sequence.replacing("\u{1B}", with: "\\e")) { return .sequence(sequence) }
      return LineEditorKeys.optionalSequences[sequence].map { .action($0) }
    }
  }

  private func meaning(of scalar: Unicode.Scalar) -> LineEditorKey? {
    guard let byte = UInt8(exactly: scalar.value) else { return .scalar(scalar) }
    if byte == controls.interrupt || byte == 0x03 { return .action(.interrupt) }
    if byte == controls.suspend || byte == 0x1A { return .action(.suspend) }
    if byte == controls.erase { return .action(.backspace) }
    switch byte {
    case 0x0A, 0x0D: return .action(.accept)
    case 0x09: return .action(.complete)
    case 0, UInt8(LineEditorAction.leadIn.value): return nil
    default: return .scalar(scalar)
    }
  }

  private func metaKey(_ scalar: Unicode.Scalar) -> LineEditorKey? {
    switch scalar.value {
    case 0x0A, 0x0D: .action(.newline)
    case 0x03, UInt32(controls.interrupt): .action(.interrupt)
    case 0, LineEditorAction.leadIn.value: nil
    default: .sequence("\u{1B}" + String(scalar))
    }
  }
}
