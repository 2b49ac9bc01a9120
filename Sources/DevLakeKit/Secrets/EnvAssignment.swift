/// One `KEY=VALUE`, taken out of its quotes.
struct EnvAssignment: Sendable {
  /// The name, without `export`.
  let key: String
  /// The value; a secret, so it leaves this type only as one.
  let value: String

  /// Reads a line without the blanks around it; `nil` when it assigns nothing.
  ///
  /// After a closing quote only a comment may follow. What breaks that rule is not a quoted value but
  /// text: `"a"b` keeps its quotes, and `"a"b"` loses the outer ones, as `gh devlake` reads it.
  init?(_ line: ArraySlice<UInt8>) {
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var name = line[..<equals].trimmed
    let export = Array("export".utf8)
    if name.starts(with: export), name.dropFirst(export.count).first?.isBlank == true {
      name = name.dropFirst(export.count).trimmed
    }
    guard !name.isEmpty else { return nil }
    key = String(decoding: name, as: UTF8.self)
    let raw = line[(equals + 1)...]
    value = String(decoding: Self.quoted(raw.trimmed) ?? Self.plain(raw), as: UTF8.self)
  }

  /// The inside of a quoted value.
  private static func quoted(_ raw: ArraySlice<UInt8>) -> [UInt8]? {
    guard let quote = raw.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      return nil
    }
    var value: [UInt8] = []
    var rest = raw.dropFirst()
    while let byte = rest.popFirst() {
      if byte == quote {
        if rest.isCommentOrNothing { return value }
        break
      }
      guard byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""),
        let escaped = rest.first, let meaning = escapes[escaped]
      else {
        value.append(byte)
        continue
      }
      value.append(meaning)
      rest.removeFirst()
    }
    guard raw.count >= 2, raw.last == quote else { return nil }
    return Array(raw.dropFirst().dropLast())
  }

  /// What a backslash makes of the next character; before any other it stands for itself.
  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A,
    UInt8(ascii: "\""): UInt8(ascii: "\""),
    UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "$"): UInt8(ascii: "$"),
  ]

  /// A value without quotes: up to a blank and `#`.
  private static func plain(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    var end = raw.startIndex
    while end < raw.endIndex {
      let followsBlank = end > raw.startIndex && raw[end - 1].isBlank
      if raw[end] == UInt8(ascii: "#"), followsBlank { break }
      end += 1
    }
    return Array(raw[..<end].trimmed)
  }
}

extension ArraySlice<UInt8> {
  /// Without the blanks and line breaks at both ends.
  var trimmed: ArraySlice<UInt8> {
    var rest = drop { $0.isBlank }
    while let last = rest.last, last.isBlank { rest.removeLast() }
    return rest
  }

  fileprivate var isCommentOrNothing: Bool {
    let rest = trimmed
    return rest.isEmpty || (rest.first == UInt8(ascii: "#") && first?.isBlank == true)
  }
}

extension UInt8 {
  /// Whether it is a space, a tab or a part of a line break.
  fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
