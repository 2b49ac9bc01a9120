import DevLakeKit
import LineEditing

/// A list a person picks one thing from: in a list that typing narrows, or by number or name.
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
    let list = MenuList(
      title: "\(title):",
      prompt: "Number or name: ",
      items: items.map { MenuList.Item(ServerText.line($0.label), names: $0.names) },
      isNumbered: true
    )
    switch try await conversation.pick(list) {
    case .item(let index): return index
    case .end: return nil
    case .text, .unavailable: return try await chooseInWords(with: conversation)
    }
  }

  /// Writes the list down, for a terminal that cannot draw it.
  private func chooseInWords(with conversation: any Conversation) async throws(Failure) -> Int? {
    var pages = pages[...]
    var question = "\(title):\n" + (pages.popFirst() ?? "") + "\nNumber or name: "
    var prefilled = ""
    let names = AnswerCompletion.words(items.map { $0.names.first ?? $0.label })
    while let answer = try await conversation.ask(
      question,
      prefilled: prefilled,
      completing: names
    ) {
      prefilled = ""
      switch pick(answer) {
      case .one(let index): return index
      case .part(let index):
        // Only a part of its name: said before it counts.
        prefilled = items[index].names.first ?? items[index].label
        question = "'\(answer)' is in \(ServerText.line(items[index].label)). Number or name: "
      case .several(let indices):
        let labels = indices.prefix(5).map { items[$0].label }.joined(separator: ", ")
        question = "'\(answer)' can be \(labels). Number or name: "
      case .none where answer.isEmpty:
        question = (pages.popFirst().map { $0 + "\n" } ?? "") + "Number or name: "
      case .none: question = "There is no '\(answer)'. Number or name: "
      }
    }
    return nil
  }

  /// The items as they are written down, a screen of them at a time.
  private var pages: [String] {
    let width = "\(items.count)".count
    let lines = items.enumerated().map { index, item in
      let number = "\(index + 1)"
      let padding = String(repeating: " ", count: width - number.count)
      return "  \(padding)[\(number)] \(ServerText.line(item.label))"
    }
    // One or two that are left over need no page of their own.
    guard lines.count > Self.pageSize + 3 else { return [lines.joined(separator: "\n")] }
    return stride(from: 0, to: lines.count, by: Self.pageSize).map { start in
      let end = min(start + Self.pageSize, lines.count)
      let more = end < lines.count ? ["  Enter shows \(lines.count - end) more"] : []
      return (lines[start..<end] + more).joined(separator: "\n")
    }
  }

  /// As many as the smallest screens have room for beside the question.
  private static let pageSize = 15

  private enum Pick: Equatable {
    case one(Int)
    case part(Int)
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
    let named = items.indices.filter { MenuList.Item(items[$0].label).hasWords(of: wanted) }
    if named.count == 1 { return .one(named[0]) }
    let parts = spoken.indices.filter { spoken[$0].contains { $0.contains(wanted) } }
    return switch parts.count {
    case 0: .none
    case 1: .part(parts[0])
    default: .several(parts)
    }
  }
}
