/// YAML as text, read into JSON values and written from them.
///
/// Reading follows YAML 1.2's core schema: `no`, `on` and `12:30` are text, not a boolean and not
/// 750. Anchors and `<<` work; keys are text.
package enum YAML {
  /// Reads one document; an empty one is `null`.
  ///
  /// - Throws: ``YAMLMistake`` with the place, lines and columns from 1.
  package static func parse(_ text: String) throws(YAMLMistake) -> JSONValue {
    try parsePlaced(text).json
  }

  /// Reads one document and keeps where everything is in it; JSON is read as well.
  ///
  /// - Throws: ``YAMLMistake`` with the place, lines and columns from 1.
  package static func parsePlaced(_ text: String) throws(YAMLMistake) -> PlacedValue {
    // A byte order mark is not a character of the first line, which would count as indented.
    let text = String(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
    var composer = YAMLComposer(JSONEscapes.readable(text))
    return try composer.document()
      ?? PlacedValue(.scalar(.null), at: TextPlace(line: 1, column: 1))
  }

  /// Writes block style, members in their order; text that could be read as anything else is quoted.
  package static func write(_ value: JSONValue) -> String {
    // libyaml escapes what lies beyond the basic plane, as every emoji does.
    let stands = StandIns(for: value)
    let text = YAMLEmitter.document { write(stands.hiding(value), to: $0) }.map(stands.showing)
    // None is refused that a value makes; and JSON is YAML.
    return text.map(escapingMarks) ?? JSONWriter.write(value, isIndented: true) + "\n"
  }

  private static func write(_ value: JSONValue, to emitter: YAMLEmitter) {
    switch value {
    case .null: emitter.scalar("null", .plain)
    case .bool(let flag): emitter.scalar(flag ? "true" : "false", .plain)
    case .number(let text): emitter.scalar(text, .plain)
    case .string(let text): emitter.scalar(text, style(of: text))
    case .array(let elements):
      emitter.list(isEmpty: elements.isEmpty) {
        for element in elements { write(element, to: emitter) }
      }
    case .object(let object):
      emitter.mapping(isEmpty: object.members.isEmpty) {
        for member in object.members {
          emitter.scalar(member.key, style(of: member.key))
          write(member.value, to: emitter)
        }
      }
    }
  }

  private static func style(of text: String) -> YAMLEmitter.Style {
    if isPlain(text) { return .plain }
    let hasControls = text.unicodeScalars.contains { $0.value < 0x20 || $0.misleads }
    return hasControls ? .doubleQuoted : .singleQuoted
  }

  /// Marks that mislead as escapes, which is how JSON is written, too; the text that has one is in
  /// double quotes.
  private static func escapingMarks(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.misleads) else { return text }
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard scalar.misleads else {
        escaped.append(scalar)
        continue
      }
      escaped.append(contentsOf: scalar.escape.unicodeScalars)
    }
    return String(escaped)
  }

  /// Whether every reader, of YAML 1.1 too, takes the bare text for text.
  private static func isPlain(_ text: String) -> Bool {
    // Nearly all text is ASCII, whose bytes tell without a look at Unicode's tables.
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes -> Bool? in
      guard let first = bytes.first, isLetter(first) || "/_".utf8.contains(first),
        let last = bytes.last, last != UInt8(ascii: " "), last != UInt8(ascii: ":")
      else { return bytes.first.map { $0 < 0x80 } == true ? false : nil }
      var before = first
      for byte in bytes {
        guard byte < 0x80 else { return nil }
        guard isLetter(byte) || isDigit(byte) || plainMarks.contains(byte) else { return false }
        if byte == UInt8(ascii: " "), before == UInt8(ascii: ":") { return false }
        if byte == UInt8(ascii: "#"), before == UInt8(ascii: " ") { return false }
        before = byte
      }
      return bytes.count > 5 || !words.contains(text.lowercased())
    }
    return (isPlain ?? nil) ?? isPlainBeyondASCII(text)
  }

  /// Words that readers of YAML take for a boolean or nothing.
  private static let words: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null",
  ]
  private static let plainMarks = Array(" _-./:@+,=#()".utf8)

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isPlainBeyondASCII(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "/" || first == "_",
      text.last != " ", text.last != ":", !text.contains(": "), !text.contains(" #"),
      !words.contains(text.lowercased())
    else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || " _-./:@+,=#()".contains($0) }
  }
}

/// Why a text is not YAML that can be used.
public struct YAMLMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, one line.
  public let reason: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1.
  public let column: Int

  /// `line 3, column 5: did not find expected key`.
  public var description: String {
    "line \(line), column \(column): \(reason)"
  }

  init(_ reason: String, at place: TextPlace) {
    (self.reason, line, column) = (reason, place.line, place.column)
  }
}

extension YAML {
  /// What a scalar is by YAML 1.2's core schema.
  static func value(of scalar: YAMLScalar) -> JSONValue {
    let text = scalar.text
    guard scalar.isPlain else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return isNumber(text) ? .number(text) : .string(text)
    }
  }

  /// Numbers as JSON writes them; what else YAML calls a number (`0x1F`, `.5`, `+1`) stays text,
  /// which no setting of ours takes for anything else.
  private static func isNumber(_ text: String) -> Bool {
    guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return false }  // no number
    if case .number = value { return true }
    return false
  }
}
