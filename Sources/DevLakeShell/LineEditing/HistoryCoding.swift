/// How an entry is in the history file: on one line, with escapes as in a string of C.
///
///     for c in $(list) {⏎  test $c⏎}    for c in $(list) {\n  test $c\n}
enum HistoryCoding {
  /// The entry's line, with its newline.
  static func line(_ entry: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": line.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": line.append(contentsOf: "\\n".unicodeScalars)
      case "\r": line.append(contentsOf: "\\r".unicodeScalars)
      case "\t": line.append(contentsOf: "\\t".unicodeScalars)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        line.append(contentsOf: "\\x\(digits.count == 1 ? "0" : "")\(digits)".unicodeScalars)
      default: line.append(scalar)
      }
    }
    line.append("\n")
    return String(line)
  }

  /// The entries of a file's bytes.
  ///
  /// Lines of another make are taken as well as they can be; the header of libedit's own files,
  /// empty lines and a last line without its end, which a write cut short has left, are not.
  static func entries(_ bytes: [UInt8]) -> [String] {
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    return bytes[..<end].split(separator: UInt8(ascii: "\n")).compactMap { line in
      let text = String(decoding: line, as: UTF8.self)
      return text == "_HiStOrY_V2_" ? nil : entry(text)
    }
  }

  /// What a line without its newline stands for; an unknown escape stands for itself.
  static func entry(_ line: String) -> String {
    guard line.utf8.contains(UInt8(ascii: "\\")) else { return line }
    var entry = String.UnicodeScalarView()
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let kind = rest.first else {
        entry.append(scalar)
        continue
      }
      switch kind {
      case "\\": entry.append("\\")
      case "n": entry.append("\n")
      case "r": entry.append("\r")
      case "t": entry.append("\t")
      case "x":
        let digits = String(String.UnicodeScalarView(rest.dropFirst().prefix(2)))
        guard digits.count == 2, let value = UInt8(digits, radix: 16), value < 0x80 else {
          entry.append("\\")
          continue
        }
        entry.append(Unicode.Scalar(value))
        rest.removeFirst(2)
      default:
        entry.append("\\")
        continue
      }
      rest.removeFirst()
    }
    return String(entry)
  }
}
