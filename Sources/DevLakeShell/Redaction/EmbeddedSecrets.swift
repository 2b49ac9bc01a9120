import DevLakeKit
import ShellLanguage

/// Secrets inside a word, as in a header of `!curl …`.
enum EmbeddedSecrets {
  /// How tokens begin; as many letters and digits as ``shortest`` follow.
  private static let beginnings = PluginRegistry.standard.secretBeginnings
  private static let shortest = 8

  /// The places in the word's UTF-8.
  static func spans(in word: String) -> [SourceSpan] {
    guard word.utf8.count > shortest else { return [] }
    let bytes = Array(word.utf8)
    return tokens(in: bytes) + afterSchemes(in: bytes)
  }

  private static func tokens(in bytes: [UInt8]) -> [SourceSpan] {
    beginnings.flatMap { beginning -> [SourceSpan] in
      // Beginnings that follow one another end at the same place, which is looked for once.
      var end = 0
      return places(of: beginning, in: bytes).compactMap { place in
        // A short one is found in the middle of words, too.
        if beginning.utf8.count < 4, place > 0, isTokenPart(bytes[place - 1]) { return nil }
        if place >= end { end = endOfWord(in: bytes, from: place) }
        return end - place >= beginning.utf8.count + shortest
          ? SourceSpan(lower: place, upper: end) : nil
      }
    }
  }

  /// What follows the scheme in `Authorization: Bearer …`.
  private static func afterSchemes(in bytes: [UInt8]) -> [SourceSpan] {
    ["Bearer ", "bearer ", "Basic ", "basic "].flatMap { scheme in
      places(of: scheme, in: bytes).compactMap { place in
        let start = place + scheme.utf8.count
        // A variable is none.
        guard start < bytes.count, bytes[start] != UInt8(ascii: "$") else { return nil }
        let end = bytes[start...].firstIndex(where: isEnd) ?? bytes.count
        return end - start >= shortest ? SourceSpan(lower: start, upper: end) : nil
      }
    }
  }

  private static func places(of text: String, in bytes: [UInt8]) -> [Int] {
    let wanted = Array(text.utf8)
    guard bytes.count >= wanted.count else { return [] }
    return (0...(bytes.count - wanted.count)).filter { start in
      // Most places fail at their first byte.
      bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted)
    }
  }

  private static func endOfWord(in bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].firstIndex { !isTokenPart($0) } ?? bytes.count
  }

  private static func isTokenPart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
      || byte == UInt8(ascii: "\\")
  }

  /// Whether a text begins as a token does, and goes on.
  static func begins(_ text: Substring) -> Bool {
    beginnings.contains {
      text.hasPrefix($0) && text.utf8.count > $0.utf8.count + ($0.utf8.count < 4 ? shortest : 0)
    }
  }
}
