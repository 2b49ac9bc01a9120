/// Finds the name a person most likely meant.
enum Suggestion {
  /// The candidate nearest to a word, the first among equals; `nil` when none is near.
  ///
  /// Near means two edits (a letter more, less, other, or two swapped), one in words of up to three
  /// letters; capitals hardly count. Names to avoid, such as `delete`, are never suggested, and where
  /// one of them is the nearest nothing is: a wrong guess would help even less.
  static func closest(
    to word: String,
    among candidates: some Sequence<String>,
    avoiding avoided: Set<String> = []
  ) -> String? {
    guard !word.isEmpty else { return nil }
    let isASCII = word.utf8.allSatisfy { $0 < 0x80 }
    let bytes = isASCII ? word.utf8.map(lowercased) : []
    let folded = isASCII ? [] : Array(word.lowercased())
    var best: (name: String, distance: Int)?
    var nearestAvoided = Int.max
    for candidate in candidates {
      let found: Int?
      if isASCII {
        // Nearly all are ASCII, and of another length: the rest is not looked at. A letter that is
        // none is one more edit at least.
        guard abs(candidate.utf8.count - bytes.count) <= 2 || !isPlain(candidate) else { continue }
        found =
          isPlain(candidate)
          ? distance(bytes, candidate.utf8.map(lowercased))
          : distance(Array(word.lowercased()), Array(candidate.lowercased()))
      } else {
        found = distance(folded, Array(candidate.lowercased()))
      }
      guard let distance = found else { continue }
      if avoided.contains(candidate) {
        nearestAvoided = min(nearestAvoided, distance)
      } else if distance < best?.distance ?? Int.max {
        best = (candidate, distance)
      }
    }
    guard let best, best.distance <= nearestAvoided else { return nil }
    return best.name
  }

  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }

  /// The edits from one word to the other (optimal string alignment); `nil` where they are not near.
  private static func distance<Letter: Equatable>(_ lhs: [Letter], _ rhs: [Letter]) -> Int? {
    let limit = min(lhs.count, rhs.count) <= 3 ? 1 : 2
    guard abs(lhs.count - rhs.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...rhs.count)
    for i in lhs.indices {
      var row = [i + 1]
      row.reserveCapacity(rhs.count + 1)
      var smallest = i + 1
      for j in rhs.indices {
        let change = lhs[i] == rhs[j] ? 0 : 1
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + change)
        if i > 0, j > 0, lhs[i] == rhs[j - 1], lhs[i - 1] == rhs[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        smallest = min(smallest, cost)
        row.append(cost)
      }
      guard smallest <= limit else { return nil }
      beforeLast = last
      last = row
    }
    return last[rhs.count] <= limit ? last[rhs.count] : nil
  }
}

/// Suggestions that were found once: a script with one mistake a thousand times is checked once.
final class SuggestionMemory {
  private var found: [String: String?] = [:]
  /// Whoever has so many different mistakes has not mistyped names.
  private static let most = 1000

  func found(_ name: String, _ find: () -> String?) -> String? {
    if let known = found[name] { return known }
    guard found.count < Self.most else { return nil }
    let new = find()
    found[name] = .some(new)
    return new
  }
}
