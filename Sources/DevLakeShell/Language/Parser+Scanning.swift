/// Characters, blanks, operators and keywords: what the other parts of the parser are on.
extension Parser {
  var isAtEnd: Bool { position >= bytes.count }

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  func text(_ lower: Int, _ upper: Int) -> String {
    String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// How long the newline at `index` is; 0 when there is none.
  ///
  /// A carriage return at the very end counts, so that a CRLF line cut there reads the same.
  func newlineLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] == UInt8(ascii: "\n") { return 1 }
    guard bytes[index] == UInt8(ascii: "\r") else { return 0 }
    if index + 1 == bytes.count { return 1 }
    return bytes[index + 1] == UInt8(ascii: "\n") ? 2 : 0
  }

  /// Whether no word goes on at `index`.
  func isWordEnd(at index: Int) -> Bool {
    guard index < bytes.count else { return true }
    switch bytes[index] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: ";"): return true
    case UInt8(ascii: "\r"): return newlineLength(at: index) > 0
    case UInt8(ascii: ")"): return openCaptures > 0
    case UInt8(ascii: "\\"): return index + 1 == bytes.count || newlineLength(at: index + 1) > 0
    default: return false
    }
  }

  /// Whether the unquoted word `keyword` is here.
  ///
  /// Before a cursor a word that touches it may still become another one, and is not a keyword.
  func isKeyword(_ keyword: StaticString) -> Bool {
    let end = position + keyword.utf8CodeUnitCount
    guard isText(keyword), isWordEnd(at: end) else { return false }
    return !(isCompleting && end == bytes.count)
  }

  /// Whether the bytes of `expected` are here, whatever follows.
  func isText(_ expected: StaticString) -> Bool {
    guard position + expected.utf8CodeUnitCount <= bytes.count else { return false }
    return expected.withUTF8Buffer { buffer in
      for (offset, byte) in buffer.enumerated() where bytes[position + offset] != byte {
        return false
      }
      return true
    }
  }

  /// The operator that is here as a word of its own.
  var operatorHere: WordOperator? {
    guard let first = peek, WordOperator.firstBytes.contains(first) else { return nil }
    if isWordEnd(at: position + 1) { return WordOperator(first) }
    guard isWordEnd(at: position + 2) else { return nil }
    return WordOperator(first, bytes[position + 1])
  }

  /// Skips an operator and returns its place.
  mutating func take(_ sign: WordOperator) -> SourceSpan {
    let start = position
    position += sign.rawValue.utf8.count
    noteEnd(.nothing, from: start)
    return SourceSpan(lower: start, upper: position)
  }

  /// Whether the statement ends here; blanks are skipped before it is asked.
  var isAtStatementEnd: Bool {
    guard let byte = peek else { return true }
    switch byte {
    case UInt8(ascii: ";"), UInt8(ascii: "\n"), UInt8(ascii: "#"): return true
    case UInt8(ascii: "\r"): return newlineLength(at: position) > 0
    case UInt8(ascii: ")"): return openCaptures > 0
    case UInt8(ascii: "}") where openers.last == .block:
      // `}else{` lacks its blanks, but nobody means a word by it.
      return operatorHere == .closeBrace || isText("}else")
    case UInt8(ascii: "]"): return closesList
    default: return false
    }
  }

  /// Whether the `]` here, where a word begins, closes the innermost `$[`.
  var closesList: Bool {
    guard openers.last == .list, peek == UInt8(ascii: "]") else { return false }
    return isWordEnd(at: position + 1) || !Self.isOrdinary[Int(bytes[position + 1])]
  }

  /// Whether a word could begin here: neither the statement's end nor an operator.
  var isAtWord: Bool {
    !isAtStatementEnd && operatorHere == nil
  }

  /// Skips blanks and joined lines.
  mutating func skipBlanks() {
    while let byte = peek {
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        position += 1
      } else if byte == UInt8(ascii: "\\"), joinLines() {
        continue
      } else {
        return
      }
    }
  }

  /// Skips blanks, newlines and comments, where a statement cannot end yet.
  mutating func skipLines() {
    while true {
      skipBlanks()
      if peek == UInt8(ascii: "#") {
        skipComment()
      } else {
        let length = newlineLength(at: position)
        guard length > 0 else { return }
        position += length
      }
    }
  }

  /// Skips everything that may be between two statements.
  mutating func skipSeparators() {
    skipLines()
    while peek == UInt8(ascii: ";") {
      position += 1
      skipLines()
    }
  }

  mutating func skipComment() {
    let start = position
    while !isAtEnd, newlineLength(at: position) == 0 { position += 1 }
    mark(.comment, from: start)
    noteEnd(.nothing)
  }

  /// Skips a backslash and the newline after it, if that is what is here.
  ///
  /// When the input ends there, the next line is still to come.
  mutating func joinLines() -> Bool {
    let length = newlineLength(at: position + 1)
    guard length > 0 || position + 1 == bytes.count else { return false }
    let place = SourceSpan(lower: position, upper: position + 1)
    position += 1 + length
    if isAtEnd { incomplete(.backslash, "a line is missing after this backslash", place) }
    return true
  }
}

extension Parser {
  mutating func mistake(_ message: String, _ span: SourceSpan, help: String? = nil) {
    // At the end of an incomplete input everything seems to be missing.
    guard !isMuted, !isAborted, incompleteness == nil else { return }
    // What is wrong with one sign is said once.
    guard mistakes.last?.span != span else { return }
    mistakes.append(SyntaxMistake(message: message, span: span, help: help))
  }

  /// Says that more must follow; the first call, from the innermost reader, gives the reason.
  mutating func incomplete(_ reason: Incompleteness, _ message: String, _ span: SourceSpan) {
    guard !isAborted else { return }
    incompleteness = incompleteness ?? reason
    closingMistakes.append(SyntaxMistake(message: message, span: span))
  }

  /// Opens one more level, or gives up when there are too many.
  mutating func open(_ opener: Opener, _ span: SourceSpan) -> Bool {
    guard openers.count < Self.maximumDepth else {
      abort(span)
      return false
    }
    openers.append(opener)
    if opener == .capture { openCaptures += 1 }
    return true
  }

  mutating func close() {
    if openers.popLast() == .capture { openCaptures -= 1 }
  }

  mutating func abort(_ span: SourceSpan) {
    isMuted = false
    mistake("nested more than \(Self.maximumDepth) levels deep", span)
    isAborted = true
    position = bytes.count
  }

  /// The place of the word, or of the one character, that is here.
  var placeHere: SourceSpan {
    var end = position
    while !isWordEnd(at: end) { end += 1 }
    return SourceSpan(lower: position, upper: max(end, min(position + 1, bytes.count)))
  }
}
