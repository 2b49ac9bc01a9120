import ShellLanguage

/// A word of a text someone typed, quotes kept, whether or not the text can be parsed.
struct TypedWord {
  var text: String
  var span: SourceSpan

  /// The words of a text; an open quote runs to the end.
  static func words(of text: String) -> [TypedWord] {
    let bytes = Array(text.utf8)
    var words: [TypedWord] = []
    var index = 0
    while index < bytes.count {
      if isSeparator(bytes[index]) {
        index += 1
        continue
      }
      // A line that is continued: the backslash is not a word.
      if bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "\n")]) {
        index += 2
        continue
      }
      let start = index
      var quote: UInt8?
      while index < bytes.count, quote != nil || !isSeparator(bytes[index]) {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'"), index + 1 < bytes.count {
          index += 1
        } else if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          quote = byte
        }
        index += 1
      }
      words.append(
        TypedWord(
          text: String(decoding: bytes[start..<index], as: UTF8.self),
          span: SourceSpan(lower: start, upper: index)
        )
      )
    }
    return words
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: ";")
  }

  /// Without quotes around it.
  var bare: String {
    var text = text[...]
    if let quote = text.first, quote == "'" || quote == "\"" {
      text = text.dropFirst()
      if text.last == quote { text = text.dropLast() }
    }
    return String(text)
  }

  /// The name of an option, however many hyphens it has and however long they are; `nil` for what is
  /// none.
  var optionName: Substring? {
    let text = text.drop { $0 == "'" || $0 == "\"" }
    guard let first = text.first, Self.dashes.contains(first), text.count > 1 else { return nil }
    let name = text.drop { Self.dashes.contains($0) }.prefix {
      $0 != "=" && $0 != "'" && $0 != "\""
    }
    return name.isEmpty ? nil : name
  }

  /// Editors and chats make one long dash of two hyphens.
  private static let dashes: Set<Character> = ["-", "\u{2010}", "\u{2011}", "–", "—", "―", "−"]

  /// The part of the word behind its first `=`.
  var value: TypedWord? {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    return dropping(text.utf8.distance(from: text.startIndex, to: equals) + 1)
  }

  /// The word without its first bytes.
  func dropping(_ count: Int) -> TypedWord {
    TypedWord(
      text: String(decoding: text.utf8.dropFirst(count), as: UTF8.self),
      span: SourceSpan(lower: span.lower + count, upper: span.upper)
    )
  }

  /// Whether it only says where the secret is.
  var isReference: Bool { Self.isReference(text) }

  /// Whether a value only says where the secret is.
  static func isReference(_ text: String) -> Bool {
    let value = text.drop { $0 == "'" || $0 == "\"" }
    if value.hasPrefix("cmd:") {
      // A command that prints what it is given is no place.
      let command = value.dropFirst(4).drop { $0.isWhitespace }
      return !["echo ", "printf "].contains(where: command.hasPrefix)
    }
    return value.hasPrefix("env:") || value.hasPrefix("file:")
      || value == "-" || value == "prompt" || value.isEmpty
      // Between single quotes nothing is a variable.
      || (value.hasPrefix("$") && text.first != "'")
      || ["'", "\""].contains(value)
  }
}
