import DevLakeKit
import ShellLanguage

/// What one word selects, read from its shape: digits, ranges and lists are ids, `*` and `?` make a
/// pattern, anything else is an exact name.
enum Selector: Sendable, Equatable {
  case all
  case ids([ClosedRange<Int>], hasRange: Bool)
  case pattern(String)
  case name(String)

  /// Reads what is behind the plugin, or the whole word.
  init(_ text: String) throws(SelectorMistake) {
    if text == "all" || text == "*" {
      self = .all
    } else if Self.isName(text) {
      self = .name(String(text.dropFirst(5)))
    } else if Self.looksLikeIds(text) {
      self = try Self.ids(text)
    } else if text.contains("*") || text.contains("?") {
      self = .pattern(text)
    } else {
      self = .name(text)
    }
  }

  /// Whether it is `name:TEXT`, in which nothing but a name is meant.
  static func isName(_ text: String) -> Bool { text.hasPrefix("name:") }

  /// Whether what is before a `/` could be a plugin's name, and is not a pattern or text.
  static func mayBePlugin(_ prefix: String) -> Bool {
    prefix.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"*?:".utf8.contains($0) }
  }

  /// Whether it has digits, and nothing but them, `-` and `,`.
  private static func looksLikeIds(_ text: String) -> Bool {
    text.utf8.contains { (0x30...0x39).contains($0) }
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2C }
  }

  private static func ids(_ text: String) throws(SelectorMistake) -> Selector {
    if let id = ConnectionKey.id(text) { return .ids([id...id], hasRange: false) }
    var ranges: [ClosedRange<Int>] = []
    var hasRange = false
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = piece.split(separator: "-", omittingEmptySubsequences: false)
      guard ends.count <= 2, let first = ends.first, let lower = ConnectionKey.id(first),
        let last = ends.last, let upper = ConnectionKey.id(last)
      else { throw SelectorMistake(reason: "'\(piece)' is not a connection ID") }
      guard lower <= upper else {
        throw SelectorMistake(reason: "'\(piece)' is descending; write \(upper)-\(lower)")
      }
      hasRange = hasRange || ends.count == 2
      ranges.append(lower...upper)
    }
    return .ids(ranges, hasRange: hasRange)
  }
}

/// Why a word selects nothing.
struct SelectorMistake: Error, Equatable {
  let reason: String
  let help = "an ID is a whole number from 1 to \(Int.max); write a name of digits as name:TEXT"
}

/// Patterns with `*` for any text and `?` for one character.
enum Wildcard {
  /// Whether the whole of `text` fits `pattern`.
  static func matches(_ text: String, _ pattern: String) -> Bool {
    matches(text, marks(pattern))
  }

  /// What one character of a pattern stands for.
  enum Mark: Equatable {
    case any
    case one
    case character(Character)
  }

  static func marks(_ pattern: String) -> [Mark] {
    pattern.map { $0 == "*" ? .any : $0 == "?" ? .one : .character($0) }
  }

  private static func matches(_ text: String, _ pattern: [Mark]) -> Bool {
    let text = Array(text)
    var (place, mark) = (0, 0)
    var (starPattern, starText) = (-1, 0)
    while place < text.count {
      if mark < pattern.count, pattern[mark] == .any {
        starPattern = mark
        starText = place
        mark += 1
      } else if mark < pattern.count,
        pattern[mark] == .one || pattern[mark] == .character(text[place])
      {
        place += 1
        mark += 1
      } else if starPattern >= 0 {
        mark = starPattern + 1
        starText += 1
        place = starText
      } else {
        return false
      }
    }
    return pattern[mark...].allSatisfy { $0 == .any }
  }

  /// Whether a part of `text` fits `pattern`, ignoring case.
  static func contains(_ text: String, _ pattern: String) -> Bool {
    contains(text, marks(pattern))
  }

  static func contains(_ text: String, _ pattern: [Mark]) -> Bool {
    var lower: [Mark] = [.any]
    for mark in pattern {
      if case .character(let character) = mark {
        lower += character.lowercased().map { .character($0) }
      } else {
        lower.append(mark)
      }
    }
    return matches(text.lowercased(), lower + [.any])
  }
}
