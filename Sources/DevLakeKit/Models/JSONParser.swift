/// Reads JSON text (RFC 8259) of any size, to a bounded depth.
struct JSONParser {
  /// Deeper values are refused: a hostile answer must not overflow the stack.
  static let maximumDepth = 200

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// Reads one value that makes up the whole of `bytes`, but for blanks around it.
  ///
  /// Invalid UTF-8 inside strings is replaced by U+FFFD: DevLake's masks cut secrets between bytes.
  static func parse(_ bytes: some Sequence<UInt8>) throws(JSONError) -> JSONValue {
    let all = ContiguousArray(bytes)
    let result: Result<JSONValue, JSONError> = all.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(bytes: buffer)
      do throws(JSONError) {
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.position == buffer.count else { throw parser.unexpected() }
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func unexpected() -> JSONError { JSONError(offset: position) }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw unexpected() }
    skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(
    _ text: StaticString,
    _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { throw unexpected() }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] {
      throw unexpected()
    }
    position += count
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    position += 1
    var members: [JSONObject.Member] = []
    skipBlanks()
    if peek == UInt8(ascii: "}") {
      position += 1
      return JSONObject()
    }
    while true {
      skipBlanks()
      guard peek == UInt8(ascii: "\"") else { throw unexpected() }
      let key = try string()
      skipBlanks()
      guard peek == UInt8(ascii: ":") else { throw unexpected() }
      position += 1
      members.append(.init(key: key, value: try value(depth: depth + 1)))
      skipBlanks()
      if peek == UInt8(ascii: ",") {
        position += 1
        continue
      }
      guard peek == UInt8(ascii: "}") else { throw unexpected() }
      position += 1
      return Self.unique(members)
    }
  }

  /// Most objects have a few distinct names; only then is the quadratic check cheap enough.
  private static func unique(_ members: [JSONObject.Member]) -> JSONObject {
    if members.count > 64 {
      guard Set(members.map(\.key)).count < members.count else {
        return JSONObject(unique: members)
      }
    } else {
      var repeated = false
      for index in members.indices.dropFirst() where !repeated {
        repeated = members[..<index].contains { $0.key == members[index].key }
      }
      if !repeated { return JSONObject(unique: members) }
    }
    var last: [String: Int] = [:]
    for (index, member) in members.enumerated() { last[member.key] = index }
    return JSONObject(unique: members.enumerated().filter { last[$1.key] == $0 }.map(\.element))
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    position += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if peek == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if peek == UInt8(ascii: ",") {
        position += 1
        continue
      }
      guard peek == UInt8(ascii: "]") else { throw unexpected() }
      position += 1
      return elements
    }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let digits = position
    skipDigits()
    let count = position - digits
    guard count > 0, count == 1 || bytes[digits] != UInt8(ascii: "0") else { throw unexpected() }
    if peek == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      skipDigits()
      guard position > fraction else { throw unexpected() }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      let exponent = position
      skipDigits()
      guard position > exponent else { throw unexpected() }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func skipDigits() {
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    if peek == UInt8(ascii: "\"") {
      position += 1
      return String(decoding: bytes[start..<position - 1], as: UTF8.self)
    }
    var text = Array(bytes[start..<position])
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
      case 0..<0x20: throw unexpected()
      default: text.append(byte)
      }
    }
    throw unexpected()
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let byte = peek else { throw unexpected() }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try escapedScalar()).utf8)
    default: throw unexpected()
    }
  }

  private mutating func escapedScalar() throws(JSONError) -> Character {
    let first = try hexadecimal()
    if (0xD800..<0xDC00).contains(first), peek == UInt8(ascii: "\\"),
      position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
    {
      let back = position
      position += 2
      let second = try hexadecimal()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return Character(scalar)
      }
      position = back
    }
    return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw unexpected() }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw unexpected()
      }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }
}

/// Text that is not JSON.
public struct JSONError: Error, Equatable {
  /// The byte at which it stops being JSON, from 0.
  public let offset: Int
}

extension JSONValue {
  /// Reads one JSON value that makes up the whole of `bytes`.
  ///
  /// - Throws: ``JSONError`` with the offset of the first byte that cannot be read.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    self = try JSONParser.parse(bytes)
  }
}
