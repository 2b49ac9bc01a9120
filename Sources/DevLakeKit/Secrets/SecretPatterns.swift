/// The byte patterns by which known secrets are found in a text, all in one pass.
///
/// Texts are compared without blanks, line ends, controls and marks, so a secret that was wrapped or
/// split is found, too; only a secret of four or five bytes must be in one piece, because two
/// words in parallel could spell it. The first four bytes of each pattern are its key: the search
/// keeps the last four bytes it has seen and looks closer only where they are one.
struct SecretPatterns {
  private enum Writing {
    /// The secret itself; a beginning of it that was cut off counts, too.
    case plain
    /// Base64 or hexadecimal: what is found is a part, and the whole run is hidden.
    case coded
  }

  private struct Pattern {
    let bytes: [UInt8]
    let writing: Writing
    /// Whether blanks may be in it.
    let mayBeSplit: Bool
    /// The length of the secret, for callers that look for long ones only.
    let length: Int
  }

  private var known: Set<String> = []
  /// Whether there is one that must be in one piece.
  private var hasShort = false
  private var patterns: [UInt32: [Pattern]] = [:]
  /// One bit for each value the hash of a key can have: most places are ruled out by it.
  private var filter = [UInt64](repeating: 0, count: 1024)

  /// Whether the text is one of the secrets.
  func knows(_ text: String) -> Bool { known.contains(text) }

  /// Adds a secret; one that is known already costs a look-up.
  mutating func insert(_ secret: String) {
    guard known.insert(secret).inserted else { return }
    let loose = TracedText(secret).visible.withoutBlanks.bytes
    guard loose.count >= 4, secret != Secret.placeholder else { return }
    add(loose, .plain, length: loose.count)
    let plus = UInt8(ascii: "+")
    // Forms write a blank as '+', and whoever reads one writes '+' as a blank.
    let spaced = TracedText(secret).visible.bytes.map { $0 == 0x20 ? plus : $0 }
    if spaced.contains(plus) {
      add(spaced, .plain, length: loose.count)
      let open = loose.filter { $0 != plus }
      if open.count >= 8 { add(open, .plain, length: loose.count) }
    }
    let bytes = Array(secret.utf8)
    for offset in 0..<3 {
      let core = Base64.core(of: bytes, after: offset).prefix(32)
      guard core.count >= 5 else { continue }
      add(Array(core), .coded, length: loose.count)
      let urlSafe = core.map { byte -> UInt8 in
        switch byte {
        case plus: UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
      }
      if urlSafe != Array(core) { add(urlSafe, .coded, length: loose.count) }
    }
    for digits in ["0123456789abcdef", "0123456789ABCDEF"] {
      let digits = Array(digits.utf8)
      let hex = bytes.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      add(hex, .coded, length: loose.count)
    }
  }

  private mutating func add(_ bytes: [UInt8], _ writing: Writing, length: Int) {
    guard bytes.count >= 4 else { return }
    if bytes.count < 6 { hasShort = true }
    let key = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    patterns[key, default: []].append(
      Pattern(
        bytes: bytes,
        writing: writing,
        mayBeSplit: bytes.count >= 6,
        length: length
      )
    )
    let place = Self.hash(key)
    filter[place >> 6] |= 1 << (UInt64(place) & 63)
  }

  /// The text with `mark` in the place of every secret of `length` bytes or more; `nil` when it has
  /// none.
  func hiding(_ text: String, as mark: String, atLeast length: Int) -> String? {
    guard !patterns.isEmpty, text.utf8.count >= 4, mayHold(text) else { return nil }
    var hidden: [Range<Int>] = []
    for view in TracedText(text).views { find(in: view, atLeast: length, &hidden) }
    guard !hidden.isEmpty else { return nil }
    hidden.sort { $0.lowerBound < $1.lowerBound }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    for range in hidden {
      // Two that touch are one: nobody is to count the parts of a list.
      if range.lowerBound <= position, position > 0 {
        position = max(position, range.upperBound)
        continue
      }
      result += bytes[position..<range.lowerBound]
      result += Array(mark.utf8)
      position = range.upperBound
    }
    result += bytes[position...]
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a closer look is worth it: a key is in the bytes as they are, something is escaped,
  /// or there may be a mark that is not seen.
  private func mayHold(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var key: UInt32 = 0
      for index in bytes.indices {
        let byte = bytes[index]
        switch byte {
        case 0...0x20, 0x7F: continue
        case UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "&"): return true
        case 0xC0... where Self.mayBeInvisible(bytes[index...]): return true
        default: key = key << 8 | UInt32(byte)
        }
        if isKey(key) { return true }
      }
      return false
    }
  }

  /// Whether a character beyond ASCII may be a blank or a mark without width, told by its first bytes:
  /// letters of Latin, Greek, Cyrillic and CJK, signs and emoji, which are in most texts, are not.
  private static func mayBeInvisible(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let second = rest.count > 1 ? rest[rest.startIndex + 1] : 0
    let third = rest.count > 2 ? rest[rest.startIndex + 2] : 0
    switch rest[rest.startIndex] {
    case 0xC2: return second == 0xA0 || second == 0xAD
    case 0xC3...0xCB, 0xCE...0xD1, 0xE4...0xE9: return false
    case 0xE2:
      switch second {
      case 0x80: return third < 0x90 || (0xA8...0xAF).contains(third)
      case 0x81: return third >= 0x9F
      case 0x83: return true
      default: return false
      }
    case 0xF0: return second != 0x9F
    default: return true
    }
  }

  private func isKey(_ key: UInt32) -> Bool {
    let place = Self.hash(key)
    return filter[place >> 6] & 1 << (UInt64(place) & 63) != 0 && patterns[key] != nil
  }

  private static func hash(_ key: UInt32) -> Int { Int((key &* 2_654_435_761) >> 16) }

  private func find(in view: TracedText, atLeast length: Int, _ hidden: inout [Range<Int>]) {
    let visible = view.visible
    find(in: visible.withoutBlanks, atLeast: length, &hidden) { $0.mayBeSplit }
    if hasShort { find(in: visible, atLeast: length, &hidden) { !$0.mayBeSplit } }
  }

  private func find(
    in view: TracedText,
    atLeast length: Int,
    _ hidden: inout [Range<Int>],
    where isWanted: (Pattern) -> Bool
  ) {
    let bytes = view.bytes
    guard bytes.count >= 4 else { return }
    var key: UInt32 = 0
    for index in bytes.indices {
      key = key << 8 | UInt32(bytes[index])
      guard index >= 3, isKey(key), let candidates = patterns[key] else { continue }
      let start = index - 3
      for pattern in candidates where pattern.length >= length && isWanted(pattern) {
        let count = zip(bytes[start...], pattern.bytes).prefix { $0 == $1 }.count
        switch pattern.writing {
        case .plain:
          let enough = min(pattern.bytes.count, max(8, min(16, pattern.bytes.count * 3 / 4)))
          guard count == pattern.bytes.count || (pattern.mayBeSplit && count >= enough) else {
            continue
          }
          hidden.append(view.source(of: start..<(start + count)))
        case .coded:
          guard count == pattern.bytes.count else { continue }
          hidden.append(view.source(of: view.run(around: start..<(start + count))))
        }
      }
    }
  }
}

extension TracedText {
  /// The whole run of letters and digits of base64 a place belongs to; it ends where something was
  /// left out.
  fileprivate func run(around range: Range<Int>) -> Range<Int> {
    func isCoded(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="):
        true
      default: false
      }
    }
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower > 0, isCoded(bytes[lower - 1]), ends[lower - 1] == starts[lower] { lower -= 1 }
    while upper < bytes.count, isCoded(bytes[upper]), ends[upper - 1] == starts[upper] {
      upper += 1
    }
    // The letter of an escape before it belongs to the escape: `\n`.
    if lower > 0, bytes[lower - 1] == UInt8(ascii: "\\") {
      let letter = bytes[lower] == UInt8(ascii: "u") ? 5 : 1
      lower = min(range.lowerBound, lower + letter)
    }
    return lower..<upper
  }
}

extension Base64 {
  /// The characters that `bytes` alone decide when `offset` others (0 to 2) are before them; what
  /// is around them shares the characters left out.
  fileprivate static func core(of bytes: [UInt8], after offset: Int) -> ArraySlice<UInt8> {
    let text = Array(encode([UInt8](repeating: 0, count: offset) + bytes).utf8)
    let shared = offset == 0 ? 0 : offset + 1
    return text[shared..<((offset + bytes.count) * 8 / 6)]
  }
}
