/// A text as bytes that know which part of the original each of them stands for.
///
/// It is read again with the ways of writing undone that servers use when they quote: the escapes of
/// JSON, Go and JavaScript (`\u0026`, `\x26`, `\"`), percent encoding in either case, and entities of
/// HTML. They nest, as when an error quotes a URL inside a JSON text, so each is undone in each order,
/// three deep.
struct TracedText {
  private(set) var bytes: [UInt8]
  private(set) var starts: [Int32]
  private(set) var ends: [Int32]

  /// The text as it is.
  init(_ text: String) {
    bytes = Array(text.utf8)
    starts = (0..<Int32(bytes.count)).map { $0 }
    ends = starts.map { $0 + 1 }
  }

  private init() {
    bytes = []
    starts = []
    ends = []
  }

  /// The part of the original a range of bytes stands for.
  func source(of range: Range<Int>) -> Range<Int> {
    Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
  }

  /// The text as it is, and with its writing undone; at most 16 readings.
  var views: [TracedText] {
    var views = [self]
    var newest = [self]
    for _ in 0..<3 {
      var next: [TracedText] = []
      for view in newest {
        for decode in [Self.unescaped, Self.percentDecoded, Self.entityDecoded] {
          guard views.count < 16, let decoded = decode(view),
            !views.contains(where: { $0.bytes == decoded.bytes })
          else { continue }
          views.append(decoded)
          next.append(decoded)
        }
      }
      newest = next
    }
    return views
  }

  /// Without what has no width: controls, marks that combine, formats.
  var visible: TracedText { filtered { !$0.isInvisible } }

  /// Without blanks of any width.
  var withoutBlanks: TracedText { filtered { !$0.isBlankOfAnyWidth } }

  private func filtered(_ keeps: (Unicode.Scalar) -> Bool) -> TracedText {
    var result = TracedText()
    result.reserve(bytes.count)
    var index = 0
    while index < bytes.count {
      let length: Int
      let isKept: Bool
      if bytes[index] < 0x80 {
        length = 1
        isKept = keeps(Unicode.Scalar(bytes[index]))
      } else {
        let (scalar, count) = scalar(at: index)
        length = count
        isKept = scalar.map(keeps) ?? true
      }
      if isKept { for offset in index..<(index + length) { result.take(offset, of: self) } }
      index += length
    }
    return result
  }

  /// The scalar that begins at a byte beyond ASCII, and how many bytes it has; `nil` for a byte that
  /// begins none.
  private func scalar(at index: Int) -> (Unicode.Scalar?, Int) {
    let count =
      switch bytes[index] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    guard count > 1, index + count <= bytes.count,
      let text = String(validating: bytes[index..<(index + count)], as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else { return (nil, 1) }
    return (scalar, count)
  }

  private mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count)
    starts.reserveCapacity(count)
    ends.reserveCapacity(count)
  }

  private mutating func take(_ index: Int, of other: TracedText) {
    bytes.append(other.bytes[index])
    starts.append(other.starts[index])
    ends.append(other.ends[index])
  }

  /// Appends what `range` of `other` was written for.
  private mutating func put(_ decoded: [UInt8], for range: Range<Int>, of other: TracedText) {
    let place = other.source(of: range)
    for byte in decoded {
      bytes.append(byte)
      starts.append(Int32(place.lowerBound))
      ends.append(Int32(place.upperBound))
    }
  }

  /// Undoes one way of writing; `nil` when nothing in the text is written in it.
  private static func decoded(
    _ text: TracedText,
    from marker: UInt8,
    _ decode: (ArraySlice<UInt8>) -> (bytes: [UInt8], length: Int)?
  ) -> TracedText? {
    guard text.bytes.contains(marker) else { return nil }
    var result = TracedText()
    result.reserve(text.bytes.count)
    var isChanged = false
    var index = 0
    while index < text.bytes.count {
      if text.bytes[index] == marker, let found = decode(text.bytes[index...]) {
        result.put(found.bytes, for: index..<(index + found.length), of: text)
        index += found.length
        isChanged = true
      } else {
        result.take(index, of: text)
        index += 1
      }
    }
    return isChanged ? result : nil
  }

  private static func percentDecoded(_ text: TracedText) -> TracedText? {
    decoded(text, from: UInt8(ascii: "%")) { rest in
      guard let value = rest.hexNumber(after: 1, digits: 2...2) else { return nil }
      return ([UInt8(value.number)], 3)
    }
  }

  private static func unescaped(_ text: TracedText) -> TracedText? {
    decoded(text, from: UInt8(ascii: "\\")) { rest in
      guard rest.count > 1 else { return nil }
      let kind = rest[rest.startIndex + 1]
      switch kind {
      case UInt8(ascii: "u"):
        // `\u{26}`, and `\ud83d\ude00` for what lies beyond the first 65,536.
        if rest.count > 2, rest[rest.startIndex + 2] == UInt8(ascii: "{") {
          guard let value = rest.hexNumber(after: 3, digits: 1...8),
            rest.count > 3 + value.length,
            rest[rest.startIndex + 3 + value.length] == UInt8(ascii: "}"),
            let bytes = value.number.utf8Bytes
          else { return nil }
          return (bytes, 4 + value.length)
        }
        guard let first = rest.hexNumber(after: 2, digits: 4...4) else { return nil }
        if (0xD800..<0xDC00).contains(first.number), rest.count >= 12,
          rest[rest.startIndex + 6] == UInt8(ascii: "\\"),
          rest[rest.startIndex + 7] == UInt8(ascii: "u"),
          let second = rest.hexNumber(after: 8, digits: 4...4),
          (0xDC00..<0xE000).contains(second.number),
          let bytes =
            (0x10000 + (first.number - 0xD800) << 10 + second.number - 0xDC00).utf8Bytes
        {
          return (bytes, 12)
        }
        return first.number.utf8Bytes.map { ($0, 6) }
      case UInt8(ascii: "U"):
        return rest.hexNumber(after: 2, digits: 8...8)?.number.utf8Bytes.map { ($0, 10) }
      case UInt8(ascii: "x"):
        return rest.hexNumber(after: 2, digits: 2...2).map { ([UInt8($0.number)], 4) }
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
        return ([kind], 2)
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"),
        UInt8(ascii: "f"):
        // All of them are left out of the search; which one it was does not matter.
        return ([0x0A], 2)
      default: return nil
      }
    }
  }

  private static func entityDecoded(_ text: TracedText) -> TracedText? {
    decoded(text, from: UInt8(ascii: "&")) { rest in
      let body = rest.dropFirst()
      let semicolon = UInt8(ascii: ";")
      if body.first == UInt8(ascii: "#") {
        let isHex = body.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let start = isHex ? 3 : 2
        let found =
          isHex
          ? rest.hexNumber(after: start, digits: 1...7)
          : rest.decimalNumber(after: start, digits: 1...7)
        guard let found, let bytes = found.number.utf8Bytes else { return nil }
        let end = rest.startIndex + start + found.length
        let isClosed = end < rest.endIndex && rest[end] == semicolon
        return (bytes, start + found.length + (isClosed ? 1 : 0))
      }
      guard let end = body.prefix(12).firstIndex(of: semicolon),
        let byte = entities[String(decoding: body[..<end], as: UTF8.self)]
      else { return nil }
      return ([byte], end - rest.startIndex + 1)
    }
  }

  /// The names HTML has for characters of ASCII.
  private static let entities: [String: UInt8] = [
    "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "AMP": 0x26,
    "LT": 0x3C, "GT": 0x3E, "QUOT": 0x22, "excl": 0x21, "num": 0x23, "dollar": 0x24,
    "percnt": 0x25, "lpar": 0x28, "rpar": 0x29, "ast": 0x2A, "plus": 0x2B, "comma": 0x2C,
    "hyphen": 0x2D, "period": 0x2E, "sol": 0x2F, "colon": 0x3A, "semi": 0x3B, "equals": 0x3D,
    "quest": 0x3F, "commat": 0x40, "lsqb": 0x5B, "lbrack": 0x5B, "bsol": 0x5C, "rsqb": 0x5D,
    "rbrack": 0x5D, "Hat": 0x5E, "lowbar": 0x5F, "grave": 0x60, "lcub": 0x7B, "lbrace": 0x7B,
    "verbar": 0x7C, "vert": 0x7C, "rcub": 0x7D, "rbrace": 0x7D, "Tab": 0x09, "NewLine": 0x0A,
  ]
}

extension ArraySlice where Element == UInt8 {
  /// The number that stands `offset` bytes on in hexadecimal, and how many digits it has.
  fileprivate func hexNumber(
    after offset: Int,
    digits: ClosedRange<Int>
  ) -> (number: UInt32, length: Int)? {
    number(after: offset, digits, base: 16) { $0.hexValue }
  }

  fileprivate func decimalNumber(
    after offset: Int,
    digits: ClosedRange<Int>
  ) -> (number: UInt32, length: Int)? {
    number(after: offset, digits, base: 10) { byte in
      byte.hexValue.flatMap { $0 < 10 ? $0 : nil }
    }
  }

  private func number(
    after offset: Int,
    _ digits: ClosedRange<Int>,
    base: UInt32,
    _ value: (UInt8) -> UInt8?
  ) -> (number: UInt32, length: Int)? {
    var (number, length) = (UInt32(0), 0)
    for byte in dropFirst(offset).prefix(digits.upperBound) {
      guard let digit = value(byte) else { break }
      let (product, overflows) = number.multipliedReportingOverflow(by: base)
      guard !overflows else { return nil }
      number = product + UInt32(digit)
      length += 1
    }
    return length >= digits.lowerBound ? (number, length) : nil
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension UInt32 {
  /// The bytes of the scalar with that number.
  fileprivate var utf8Bytes: [UInt8]? { Unicode.Scalar(self).map { Array(String($0).utf8) } }
}

extension Unicode.Scalar {
  /// Whether it has no width of its own, so that a terminal shows what is around it as one.
  var isInvisible: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator:
      return true
    default: return properties.isDefaultIgnorableCodePoint
    }
  }

  /// Whether it is a blank, narrow or wide.
  var isBlankOfAnyWidth: Bool {
    isASCII ? value == 0x20 : properties.generalCategory == .spaceSeparator
  }
}
