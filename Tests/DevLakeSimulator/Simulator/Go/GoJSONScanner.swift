/// Reads the first JSON value of a body the way Go's `json.Decoder` does, errors worded alike.
///
/// What follows the first value is not looked at: DevLake ignores it, too.
struct GoJSONScanner {
  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The bytes of the first value; `nil` when there is nothing but blanks.
  static func firstValue(of bytes: [UInt8]) throws(SyntaxFault) -> ArraySlice<UInt8>? {
    var scanner = GoJSONScanner(bytes)
    scanner.skipBlanks()
    guard scanner.position < bytes.count else { return nil }
    let start = scanner.position
    try scanner.value()
    return bytes[start..<scanner.position]
  }

  /// What Go's scanner says about broken JSON.
  struct SyntaxFault: Error {
    let message: String
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
  }

  private func peek() throws(SyntaxFault) -> UInt8 {
    guard position < bytes.count else { throw SyntaxFault(message: "unexpected EOF") }
    return bytes[position]
  }

  private func fault(_ byte: UInt8, _ place: String) -> SyntaxFault {
    SyntaxFault(message: "invalid character \(Self.quoted(byte)) \(place)")
  }

  private static func quoted(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"): "'\\''"
    case UInt8(ascii: "\n"): "'\\n'"
    case UInt8(ascii: "\r"): "'\\r'"
    case UInt8(ascii: "\t"): "'\\t'"
    case 0..<0x20, 0x7F..<0xA0:
      "'\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))'"
    default: "'\(Character(Unicode.Scalar(byte)))'"
    }
  }

  private mutating func value() throws(SyntaxFault) {
    skipBlanks()
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "{"): try object()
    case UInt8(ascii: "["): try array()
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: throw fault(byte, "looking for beginning of value")
    }
  }

  private mutating func literal(_ word: String) throws(SyntaxFault) {
    for expected in word.utf8 {
      let byte = try peek()
      guard byte == expected else {
        throw fault(byte, "in literal \(word) (expecting \(Self.quoted(expected)))")
      }
      position += 1
    }
  }

  private mutating func object() throws(SyntaxFault) {
    position += 1
    skipBlanks()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return
    }
    while true {
      skipBlanks()
      let first = try peek()
      guard first == UInt8(ascii: "\"") else {
        throw fault(first, "looking for beginning of object key string")
      }
      try string()
      skipBlanks()
      let colon = try peek()
      guard colon == UInt8(ascii: ":") else { throw fault(colon, "after object key") }
      position += 1
      try value()
      skipBlanks()
      let next = try peek()
      position += 1
      if next == UInt8(ascii: "}") { return }
      guard next == UInt8(ascii: ",") else { throw fault(next, "after object key:value pair") }
    }
  }

  private mutating func array() throws(SyntaxFault) {
    position += 1
    skipBlanks()
    if try peek() == UInt8(ascii: "]") {
      position += 1
      return
    }
    while true {
      try value()
      skipBlanks()
      let next = try peek()
      position += 1
      if next == UInt8(ascii: "]") { return }
      guard next == UInt8(ascii: ",") else { throw fault(next, "after array element") }
    }
  }

  private mutating func string() throws(SyntaxFault) {
    position += 1
    while true {
      let byte = try peek()
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return
      case 0..<0x20: throw fault(byte, "in string literal")
      case UInt8(ascii: "\\"):
        let escape = try peek()
        position += 1
        guard Array("\"\\/bfnrtu".utf8).contains(escape) else {
          throw fault(escape, "in string escape code")
        }
        if escape == UInt8(ascii: "u") { try hexadecimal() }
      default: continue
      }
    }
  }

  private mutating func hexadecimal() throws(SyntaxFault) {
    for _ in 0..<4 {
      let byte = try peek()
      guard Character(Unicode.Scalar(byte)).isHexDigit else {
        throw fault(byte, "in \\u hexadecimal character escape")
      }
      position += 1
    }
  }

  private mutating func number() throws(SyntaxFault) {
    if try peek() == UInt8(ascii: "-") { position += 1 }
    if try peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      let sign = try peek()
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
  }

  private mutating func digits() throws(SyntaxFault) {
    let first = try peek()
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      throw fault(first, "in numeric literal")
    }
    while position < bytes.count,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      position += 1
    }
  }
}
