import Glibc

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
    while let byte = nextByte() {
      if byte == controls.interrupt || byte == 0x03 { return .action(.interrupt) }
      if byte == controls.suspend || byte == 0x1A { return .action(.suspend) }
      if byte == controls.erase { return .action(.backspace) }
      switch byte {
      case 0x0A, 0x0D: return .action(.accept)
      case 0x09: return .action(.complete)
      case 0x1B:
        if let key = escapeSequence() { return key }
      case 0, UInt8(LineEditorAction.leadIn.value): continue
      case 0..<0x80: return .scalar(Unicode.Scalar(byte))
      default:
        if let scalar = decode(first: byte) { return .scalar(scalar) }
      }
    }
    return nil
  }

  /// The next code point as it was typed, whatever it is bound to.
  func nextLiteral() -> Unicode.Scalar? {
    guard let byte = nextByte() else { return nil }
    return byte < 0x80 ? Unicode.Scalar(byte) : decode(first: byte)
  }

  private func escapeSequence() -> LineEditorKey? {
    // Waits for as long as it takes, as libedit itself would: a slow line may cut a sequence.
    // vi's insert mode must answer ESC itself at once.
    if handle.usesViKeys, !hasInput(within: 50) { return .scalar("\u{1B}") }
    guard let second = nextByte() else { return nil }
    // ESC and a sequence is that sequence.
    if second == 0x1B { return escapeSequence() }
    guard second == UInt8(ascii: "[") || second == UInt8(ascii: "O") else {
      return metaKey(second)
    }
    var sequence = "\u{1B}" + String(Unicode.Scalar(second))
    while let byte = nextByte() {
      guard (0x20..<0x7F).contains(byte) else {
        // No part of a sequence: what came before was broken, this key is not.
        unreadByte(byte)
        return nil
      }
      sequence.unicodeScalars.append(Unicode.Scalar(byte))
      // `ESC [ [ A` is a function key of Linux's console.
      let isLeading = sequence == "\u{1B}[["
      if byte >= 0x40, !isLeading { break }
    }
    return meaning(of: sequence)
  }

  private func meaning(of sequence: String) -> LineEditorKey? {
    if let action = LineEditorKeys.sequences[sequence] { return .action(action) }
    if handle.isBound(sequence.replacing("\u{1B}", with: "\\e")) { return .sequence(sequence) }
    return LineEditorKeys.optionalSequences[sequence].map { .action($0) }
  }

  private func metaKey(_ byte: UInt8) -> LineEditorKey? {
    switch byte {
    case 0x0A, 0x0D: .action(.newline)
    case 0x03, controls.interrupt: .action(.interrupt)
    case 0, UInt8(LineEditorAction.leadIn.value): nil
    case 0..<0x80: .sequence("\u{1B}" + String(Unicode.Scalar(byte)))
    default: decode(first: byte).map { .scalar($0) }
    }
  }

  private func decode(first: UInt8) -> Unicode.Scalar? {
    let length =
      switch first {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    var bytes = [first]
    while bytes.count < length, let byte = nextByte() {
      guard byte & 0xC0 == 0x80 else {
        unreadByte(byte)
        break
      }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.first
  }
}
