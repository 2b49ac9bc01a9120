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
    let folded = Array(word.lowercased())
    guard !folded.isEmpty else { return nil }
    var best: (name: String, distance: Int)?
    var nearestAvoided = Int.max
    for candidate in candidates {
      let other = Array(candidate.lowercased())
      let limit = min(folded.count, other.count) <= 3 ? 1 : 2
      guard let distance = distance(folded, other, limit: limit) else { continue }
      if avoided.contains(candidate) {
        nearestAvoided = min(nearestAvoided, distance)
      } else if distance < best?.distance ?? Int.max {
        best = (candidate, distance)
      }
    }
    guard let best, best.distance <= nearestAvoided else { return nil }
    return best.name
  }

  /// The edits from one word to the other (optimal string alignment); `nil` above the limit.
  private static func distance(_ lhs: [Character], _ rhs: [Character], limit: Int) -> Int? {
    guard abs(lhs.count - rhs.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...rhs.count)
    for i in lhs.indices {
      var row = [i + 1]
      row.reserveCapacity(rhs.count + 1)
      for j in rhs.indices {
        let change = lhs[i] == rhs[j] ? 0 : 1
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + change)
        if i > 0, j > 0, lhs[i] == rhs[j - 1], lhs[i - 1] == rhs[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      guard let smallest = row.min(), smallest <= limit else { return nil }
      beforeLast = last
      last = row
    }
    return last[rhs.count] <= limit ? last[rhs.count] : nil
  }
}

/// Suggestions that were found once: a script with one mistake a thousand times is checked once.
final class SuggestionMemory {
  private var found: [String: String?] = [:]

  func found(_ name: String, _ find: () -> String?) -> String? {
    if let known = found[name] { return known }
    let new = find()
    found[name] = .some(new)
    return new
  }
}
