/// What in a text for `/bin/sh` looks like the language's, outside single quotes, and is sh's.
struct ShellVariables {
  /// What only the language has: `$1`, `${c.x}`, `${l[0]}`, `$[`, as it is written.
  private(set) var foreign: [(text: String, offset: Int)] = []

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var index = 0
    var isInDouble = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "\""):
        isInDouble.toggle()
        index += 1
      case UInt8(ascii: "'") where !isInDouble:
        index = (bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "'")) ?? bytes.count) + 1
      case UInt8(ascii: "$"): read(bytes, &index)
      default: index += 1
      }
    }
  }

  private mutating func read(_ bytes: [UInt8], _ index: inout Int) {
    let start = index
    index += 1
    guard index < bytes.count else { return }
    let isBraced = bytes[index] == UInt8(ascii: "{")
    if isBraced { index += 1 }
    let nameStart = index
    while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
    guard index > nameStart else { return }
    let name = String(decoding: bytes[nameStart..<index], as: UTF8.self)
    let isNumber = name.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let isPath =
      isBraced && index < bytes.count
      && (bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: "["))
    if isBraced {
      while index < bytes.count, bytes[index] != UInt8(ascii: "}") { index += 1 }
      index = min(index + 1, bytes.count)
    }
    guard isNumber || isPath else { return }
    foreign.append((String(decoding: bytes[start..<index], as: UTF8.self), start))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
