/// What one key, or one paste, sent to a terminal.
enum TerminalKey: Equatable, Sendable {
  /// A character, or the control character of a key such as Enter (`\r`) and Ctrl-A (`\u{1}`).
  case scalar(Unicode.Scalar)
  /// Bytes that are not UTF-8: something was typed, and nobody can tell what.
  case malformed
  /// A key pressed with Alt, which sends ESC before it.
  case meta(Unicode.Scalar)
  /// A control sequence, its ESC included, such as `ESC [ A` of the Up key.
  case sequence(String)
  /// ESC alone; only ``KeyDecoder/giveUp()`` can tell.
  case escape
  /// A bracketed paste as a whole.
  case paste(String)
}

/// Makes keys of the bytes a terminal sends: bytes in, keys out.
///
/// One decoder for the prompt and for questions, so that both read the same. It never waits and
/// never loses a byte: what turns out to be no part of a character or a sequence is a key of its
/// own, so that a broken character before Enter leaves Enter alone. It takes a byte at a time, as
/// what is behind the end of a line must be left for others to read.
///
///     var decoder = KeyDecoder()
///     while let byte = … {
///       decoder.take(byte)
///       while let key = decoder.next() { … }
///     }
struct KeyDecoder: Sendable {
  private enum State {
    case ground
    /// A character has begun; how many bytes it still needs, and which the next one may be.
    case character(value: UInt32, missing: Int, next: ClosedRange<UInt8>)
    case escape
    /// `ESC [` or `ESC O` and what follows.
    case sequence([UInt8])
    case paste
  }

  /// Whether the next key is its character, whatever it would mean: Ctrl-V was pressed.
  var isLiteral = false

  private var state = State.ground
  private var ready: [TerminalKey] = []
  private var paste: [UInt8] = []

  /// A sequence longer than this is none: a terminal that sends garbage must not hold up the keys.
  private static let longestSequence = 64
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  init() {}

  /// The next key that is complete.
  mutating func next() -> TerminalKey? {
    guard !ready.isEmpty else { return nil }
    return ready.removeFirst()
  }

  /// Whether ESC has come and nothing behind it: the key, or the first byte of a sequence.
  var isBehindEscape: Bool { if case .escape = state { true } else { false } }

  /// Whether a paste has begun and not ended.
  var isPasting: Bool { if case .paste = state { true } else { false } }

  /// Adds one byte.
  mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: begin(byte)
    case .character(let value, let missing, let next):
      guard next.contains(byte) else {
        fail()
        return take(byte)
      }
      let longer = value << 6 | UInt32(byte & 0x3F)
      guard missing == 1 else {
        state = .character(value: longer, missing: missing - 1, next: 0x80...0xBF)
        return
      }
      // The ranges leave out what is not a scalar.
      give(Unicode.Scalar(longer).map(TerminalKey.scalar) ?? .malformed)
    case .escape: takeBehindEscape(byte)
    case .sequence(let bytes): continueSequence(bytes, byte)
    case .paste: takePasted(CollectionOfOne(byte)[...])
    }
  }

  /// Takes what it can of bytes that came at once while ``isPasting``: up to the paste's end.
  mutating func takePaste(_ bytes: inout ArraySlice<UInt8>) {
    while isPasting, let last = Self.pasteEnd.last, !bytes.isEmpty {
      let end = bytes.firstIndex(of: last).map { $0 + 1 } ?? bytes.endIndex
      takePasted(bytes[..<end])
      bytes = bytes[end...]
    }
  }

  /// Nothing more belongs to what has begun: a lone ESC is the key, half a paste all that came.
  mutating func giveUp() {
    switch state {
    case .ground: break
    case .character: fail()
    case .escape: give(.escape)
    case .sequence: state = .ground
    case .paste: finishPaste()
    }
  }

  private mutating func give(_ key: TerminalKey) {
    ready.append(key)
    state = .ground
    isLiteral = false
  }

  private mutating func fail() { give(.malformed) }

  private mutating func begin(_ byte: UInt8) {
    switch byte {
    case 0x1B where !isLiteral: state = .escape
    case 0..<0x80: give(.scalar(Unicode.Scalar(byte)))
    // The second byte tells overlong forms, surrogates and what lies beyond Unicode.
    case 0xC2...0xDF: expect(byte & 0x1F, 1)
    case 0xE0: expect(byte & 0x0F, 2, 0xA0...0xBF)
    case 0xED: expect(byte & 0x0F, 2, 0x80...0x9F)
    case 0xE1...0xEF: expect(byte & 0x0F, 2)
    case 0xF0: expect(byte & 0x07, 3, 0x90...0xBF)
    case 0xF4: expect(byte & 0x07, 3, 0x80...0x8F)
    case 0xF1...0xF3: expect(byte & 0x07, 3)
    default: fail()
    }
  }

  private mutating func expect(
    _ bits: UInt8,
    _ missing: Int,
    _ next: ClosedRange<UInt8> = 0x80...0xBF
  ) {
    state = .character(value: UInt32(bits), missing: missing, next: next)
  }

  private mutating func takeBehindEscape(_ byte: UInt8) {
    switch byte {
    // ESC and a sequence is that sequence.
    case 0x1B: break
    case UInt8(ascii: "["), UInt8(ascii: "O"): state = .sequence([byte])
    case 0..<0x80: give(.meta(Unicode.Scalar(byte)))
    default:
      state = .ground
      begin(byte)
    }
  }

  private mutating func continueSequence(_ bytes: [UInt8], _ byte: UInt8) {
    guard (0x20..<0x7F).contains(byte) else {
      // No part of a sequence: what came before was broken, this key is not.
      state = .ground
      return begin(byte)
    }
    let bytes = bytes + [byte]
    // `ESC [ [ A` is a function key of Linux's console.
    guard byte >= 0x40, bytes != Array("[[".utf8) else {
      state = bytes.count < Self.longestSequence ? .sequence(bytes) : .ground
      return
    }
    if bytes == Array("[200~".utf8) {
      state = .paste
    } else if let key = Self.key(written: bytes) {
      if let key { give(key) } else { state = .ground }
    } else {
      give(.sequence("\u{1B}" + String(decoding: bytes, as: UTF8.self)))
    }
  }

  private mutating func takePasted(_ bytes: some Collection<UInt8>) {
    paste += bytes
    let end = Self.pasteEnd
    guard paste.last == end.last, paste.suffix(end.count).elementsEqual(end) else { return }
    paste.removeLast(end.count)
    finishPaste()
  }

  private mutating func finishPaste() {
    let text = String(decoding: Self.cleaned(paste), as: UTF8.self)
    paste = []
    give(.paste(text))
  }

  /// Line breaks of any kind become `\n`; nothing else is left out, or what is read would not be
  /// what was pasted.
  private static func cleaned(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(0x0D) else { return bytes }
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0x0D: clean.append(0x0A)
      case 0x0A where previous == 0x0D: break
      default: clean.append(byte)
      }
      previous = byte
    }
    return clean
  }
}

/// Keys that terminals write as their code point: `ESC [ 99 ; 5 u` and `ESC [ 27 ; 5 ; 99 ~` are
/// Ctrl-C (kitty's protocol, xterm's modifyOtherKeys), also where nobody has asked for it.
extension KeyDecoder {
  /// The key; `nil` within for one that means nothing, such as a release; `nil` for another sequence.
  private static func key(written bytes: [UInt8]) -> TerminalKey?? {
    guard bytes.first == UInt8(ascii: "["), let final = bytes.last else { return nil }
    let fields = bytes.dropFirst().dropLast()
      .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { $0.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(number) }
    let code: UInt32
    let modifiers: [UInt32?]
    switch final {
    case UInt8(ascii: "u"):
      guard let first = fields.first?.first ?? nil, fields.count <= 3 else { return nil }
      (code, modifiers) = (first, fields.count > 1 ? fields[1] : [])
    case UInt8(ascii: "~"):
      guard fields.count == 3, fields[0] == [27], let last = fields[2].first ?? nil else {
        return nil
      }
      (code, modifiers) = (last, fields[1])
    default: return nil
    }
    let isReleased = modifiers.count > 1 && modifiers[1] == 3
    // Code points of private use are keys without a character, such as the volume's.
    guard !isReleased, !(0xE000...0xF8FF).contains(code), let scalar = Unicode.Scalar(code) else {
      return .some(nil)
    }
    return key(scalar, modifiers: max(modifiers.first.flatMap(\.self) ?? 1, 1) - 1)
  }

  private static func key(_ scalar: Unicode.Scalar, modifiers: UInt32) -> TerminalKey? {
    let (alt, control, others) = (modifiers & 2, modifiers & 4, modifiers & 0b11_1000)
    guard others == 0 else { return nil }
    var scalar = scalar
    if control != 0 {
      guard let pressed = controlCharacter(of: scalar) else { return nil }
      scalar = pressed
    }
    if alt != 0 { return scalar.isASCII ? .meta(scalar) : .scalar(scalar) }
    return scalar == "\u{1B}" ? .escape : .scalar(scalar)
  }

  /// What the key sends with Ctrl; `nil`: nothing of its own.
  private static func controlCharacter(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x20: "\u{0}"
    case 0x40...0x5F, 0x61...0x7A: Unicode.Scalar(scalar.value & 0x1F)
    case 0..<0x20, 0x7F: scalar
    default: nil
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    UInt32(String(decoding: digits, as: UTF8.self))
  }
}
