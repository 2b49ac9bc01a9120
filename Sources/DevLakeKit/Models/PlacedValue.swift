/// A value read from a text, and where it is there.
package struct PlacedValue: Sendable, Equatable {
  /// What it is.
  package let content: Content
  /// Where it begins.
  package let place: TextPlace

  /// The kinds of value.
  package indirect enum Content: Sendable, Equatable {
    /// A text, number, boolean or `null`.
    case scalar(JSONValue)
    case list([PlacedValue])
    /// Members in their order, keys unique.
    case mapping([Member])
  }

  /// One member of a mapping.
  package struct Member: Sendable, Equatable {
    /// The member's name.
    package let key: String
    /// Where the name begins.
    package let place: TextPlace
    /// The member's value.
    package let value: PlacedValue
  }

  init(_ content: Content, at place: TextPlace) {
    self.content = content
    self.place = place
  }
}

/// A place in a text: lines and columns from 1, columns in Unicode scalars.
public struct TextPlace: Sendable, Hashable {
  /// The line, from 1.
  public let line: Int
  /// The column, from 1.
  public let column: Int

  /// Creates a text place.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

extension PlacedValue {
  /// The value without its places.
  package var json: JSONValue {
    switch content {
    case .scalar(let value): value
    case .list(let elements): .array(elements.map(\.json))
    case .mapping(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
    }
  }

  /// The members of a mapping.
  package var members: [Member]? {
    if case .mapping(let members) = content { members } else { nil }
  }
  /// The elements of a list.
  package var elements: [PlacedValue]? { if case .list(let all) = content { all } else { nil } }
  /// The value of what is neither a list nor a mapping.
  package var scalar: JSONValue? { if case .scalar(let value) = content { value } else { nil } }
}

/// What JSON writes otherwise than YAML.
enum JSONEscapes {
  /// JSON with each pair of surrogates, `\uD83D\uDE00`, as the one escape YAML has for it; text that
  /// is not JSON as it is.
  static func readable(_ text: String) -> String {
    guard let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[",
      text.contains("\\u")
    else { return text }
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "\\"), let pair = surrogates(rest) {
        result += Array(pair.utf8)
        rest = rest.dropFirst(12)
      } else {
        // Two at once, so that the second of `\\` begins nothing.
        let count = byte == UInt8(ascii: "\\") ? 2 : 1
        result += rest.prefix(count)
        rest = rest.dropFirst(count)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func surrogates(_ bytes: ArraySlice<UInt8>) -> String? {
    guard let high = unit(bytes), (0xD800..<0xDC00).contains(high),
      let low = unit(bytes.dropFirst(6)), (0xDC00..<0xE000).contains(low)
    else { return nil }
    let scalar = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    let digits = String(scalar, radix: 16)
    return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func unit(_ bytes: ArraySlice<UInt8>) -> Int? {
    let escape = bytes.prefix(6)
    guard escape.count == 6, escape.starts(with: Array("\\u".utf8)) else { return nil }
    return Int(String(decoding: escape.dropFirst(2), as: UTF8.self), radix: 16)
  }
}
