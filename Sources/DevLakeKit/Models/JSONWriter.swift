/// Writes JSON: on one line, or indented by two spaces.
package struct JSONWriter {
  private let isIndented: Bool
  private let sortsKeys: Bool
  private var text = ""

  private init(isIndented: Bool, sortsKeys: Bool) {
    self.isIndented = isIndented
    self.sortsKeys = sortsKeys
  }

  /// The text of `value`, without a final newline.
  ///
  /// - Parameters:
  ///   - value: What to write.
  ///   - isIndented: Whether every member and element is on a line of its own.
  ///   - sortsKeys: Whether members are ordered by name instead of as they came.
  package static func write(
    _ value: JSONValue,
    isIndented: Bool = false,
    sortsKeys: Bool = false
  ) -> String {
    var writer = JSONWriter(isIndented: isIndented, sortsKeys: sortsKeys)
    writer.write(value, level: 0)
    return writer.text
  }

  private mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .number(let literal): text += literal
    case .string(let string): quote(string)
    case .array(let elements):
      write(elements, between: "[", "]", level: level) { $0.write($1, level: level + 1) }
    case .object(let object):
      let members =
        sortsKeys
        ? object.members.sorted { $0.key < $1.key } : object.members
      write(members, between: "{", "}", level: level) { writer, member in
        writer.quote(member.key)
        writer.text += writer.isIndented ? ": " : ":"
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func write<Item>(
    _ items: [Item],
    between open: String,
    _ close: String,
    level: Int,
    _ body: (inout JSONWriter, Item) -> Void
  ) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      newline(level + 1)
      body(&self, item)
    }
    if !items.isEmpty { newline(level) }
    text += close
  }

  private mutating func newline(_ level: Int) {
    guard isIndented else { return }
    text += "\n"
    for _ in 0..<level { text += "  " }
  }

  private mutating func quote(_ string: String) {
    text += "\""
    defer { text += "\"" }
    if Self.isPlain(string) {
      text += string
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}": text += scalar.escape
      case _ where scalar.misleads: text += scalar.escape
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Whether nothing in it is escaped; most text is ASCII, whose bytes tell.
  private static func isPlain(_ string: String) -> Bool {
    string.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    } ?? false
  }
}

extension Unicode.Scalar {
  /// Whether a terminal that obeys it shows what follows in another order, or nothing at all where it
  /// stands, or a reader ends the line there, as JavaScript does.
  var misleads: Bool {
    switch value {
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    case 0x180E, 0x200B, 0x2060...0x2065, 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
  }

  /// The escape of JSON and YAML for one of the first 65,536: `\u202e`.
  var escape: String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension JSONValue {
  /// The value as JSON text on one line.
  public var text: String { JSONWriter.write(self) }
}
