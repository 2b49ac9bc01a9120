/// Makes text of unknown origin harmless for a terminal.
///
/// A connection's name can hold whatever its author liked: sequences that retitle the window, paint
/// over other lines or turn the reading direction around.
package enum TerminalText {
  /// The text without control characters, escape sequences and marks of direction.
  ///
  /// Line ends (also of Unicode) and tabs become one blank each, so that words stay apart.
  package static func sanitized(_ text: String) -> String { sanitized(text, keeping: []) }

  /// The same, but line ends and tabs among `kept` stay.
  package static func sanitized(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    guard !isHarmless(text) else { return text }
    var clean = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if kept.contains(scalar) {
        clean.append(scalar)
        continue
      }
      switch scalar.value {
      case 0x0D where rest.first == "\n": continue
      case 0x09...0x0D, 0x85, 0x2028, 0x2029: clean.append(" ")
      case 0x1B: skipSequence(in: &rest)
      case 0x9B: skipControlSequence(in: &rest)
      case 0x90, 0x98, 0x9D...0x9F: skipString(in: &rest)
      case 0..<0x20, 0x7F..<0xA0: continue
      case _ where isHarmful(scalar): continue
      default: clean.append(scalar)
      }
    }
    return String(clean)
  }

  /// Whether a character must not be drawn as it is.
  package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    // Nothing is drawn for them, and no script needs them as it does U+200C and U+200D.
    case 0x180E, 0x200B, 0x2060...0x2065, 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
  }

  /// Most text is; its bytes tell without decoding: all of the above but ASCII starts with one of five.
  private static func isHarmless(_ text: String) -> Bool {
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.allSatisfy { byte in
        byte >= 0x20 && byte != 0x7F && ![0xC2, 0xD8, 0xE1, 0xE2, 0xEF].contains(byte)
      }
    }
    return isPlain == true || !text.unicodeScalars.contains(where: isHarmful)
  }

  /// What follows ESC: a control sequence, a string, or intermediates and one final byte.
  private static func skipSequence(in rest: inout Substring.UnicodeScalarView) {
    switch rest.first {
    case "[":
      rest.removeFirst()
      skipControlSequence(in: &rest)
    case "]", "P", "X", "^", "_":
      rest.removeFirst()
      skipString(in: &rest)
    default:
      var end = rest.drop { (0x20...0x2F).contains($0.value) }
      if let final = end.first, (0x30...0x7E).contains(final.value) {
        end.removeFirst()
        rest = end
      }
    }
  }

  /// Parameters, intermediates and the final byte of a control sequence such as `ESC [ 31 m`.
  private static func skipControlSequence(in rest: inout Substring.UnicodeScalarView) {
    var end = rest.drop { (0x20...0x3F).contains($0.value) }
    if let final = end.first, (0x40...0x7E).contains(final.value) {
      end.removeFirst()
      rest = end
    }
  }

  /// A string up to its terminator; without one nothing is left out, or it would hide the rest.
  private static func skipString(in rest: inout Substring.UnicodeScalarView) {
    var end = rest
    while let scalar = end.popFirst() {
      if scalar.value == 0x07 || scalar.value == 0x9C {
        rest = end
        return
      }
      if scalar.value == 0x1B, end.first == "\\" {
        end.removeFirst()
        rest = end
        return
      }
    }
  }
}
