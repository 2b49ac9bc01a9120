extension LineEditor {
  /// Inserts a bracketed paste; what it holds is text, whatever keys mean.
  func paste() {
    guard let text = pastedText() else { return unreadByte(0x03) }
    var pasted = Substring(text)
    // The newline behind the last line is Enter, and that is for the person to press.
    while handle.line.isAtEnd, pasted.last == "\n" { pasted.removeLast() }
    handle.insert(pasted.unicodeScalars)
  }

  /// The text of a bracketed paste, up to its end mark; nil when Ctrl-C gave it up.
  func pastedText() -> String? {
    let end = Array("\u{1B}[201~".utf8)
    var bytes: [UInt8] = []
    isPasting = true
    defer { isPasting = false }
    while let byte = nextByte() {
      // A terminal filters this out of pastes; without it a lost end mark would be a trap.
      if byte == 0x03 { return nil }
      bytes.append(byte)
      if byte == end.last, bytes.suffix(end.count).elementsEqual(end) {
        bytes.removeLast(end.count)
        break
      }
      // What can be neither is taken at once: a paste may be long.
      let plain = pendingBytes.prefix { $0 != 0x1B && $0 != 0x03 && $0 != 0x7E }
      bytes += plain
      pendingBytes = pendingBytes[plain.endIndex...]
    }
    return String(decoding: Self.cleaned(bytes), as: UTF8.self)
  }

  /// Newlines of any kind become `\n`; control characters but the tab are left out.
  private static func cleaned(_ bytes: [UInt8]) -> [UInt8] {
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0x0D: clean.append(0x0A)
      case 0x0A: if previous != 0x0D { clean.append(byte) }
      case 0x09, 0x20..<0x7F, 0x80...: clean.append(byte)
      default: break
      }
      previous = byte
    }
    return clean
  }
}
