import DevLakeKit

/// A list a person picks one thing from, by its number, its name or a unique part of it.
struct Menu {
  /// One thing that can be picked.
  struct Item {
    /// What is shown.
    var label: String
    /// What else may be typed for it, for example a plugin's name in URLs.
    var names: [String] = []
  }

  let title: String
  let items: [Item]

  /// Asks until the answer is clear.
  ///
  /// - Returns: The index of the item; `nil` when the person ends the input.
  func choose(with conversation: any Conversation) async throws(Failure) -> Int? {
    let width = "\(items.count)".count
    var lines = ["\(title):"]
    for (index, item) in items.enumerated() {
      let number = "\(index + 1)"
      let padding = String(repeating: " ", count: width - number.count)
      lines.append("  \(padding)[\(number)] \(ServerText.line(item.label))")
    }
    var question = lines.joined(separator: "\n") + "\nNumber or name: "
    while let answer = try await conversation.ask(question) {
      switch pick(answer) {
      case .one(let index): return index
      case .several(let indices):
        let labels = indices.prefix(5).map { items[$0].label }.joined(separator: ", ")
        question = "'\(answer)' can be \(labels). Number or name: "
      case .none where answer.isEmpty: question = "Number or name: "
      case .none: question = "There is no '\(answer)'. Number or name: "
      }
    }
    return nil
  }

  private enum Pick: Equatable {
    case one(Int)
    case several([Int])
    case none
  }

  private func pick(_ answer: String) -> Pick {
    if let number = Int(answer) {
      return items.indices.contains(number - 1) ? .one(number - 1) : .none
    }
    let wanted = answer.lowercased()
    guard !wanted.isEmpty else { return .none }
    let spoken = items.map { ([$0.label] + $0.names).map { $0.lowercased() } }
    if let exact = spoken.firstIndex(where: { $0.contains(wanted) }) { return .one(exact) }
    let parts = spoken.indices.filter { spoken[$0].contains { $0.contains(wanted) } }
    return switch parts.count {
    case 0: .none
    case 1: .one(parts[0])
    default: .several(parts)
    }
  }
}
