/// What a person picks one thing from.
package struct MenuList: Sendable {
  /// One thing that can be picked.
  package struct Item: Sendable, Equatable {
    /// What is shown.
    package var label: String
    /// What else may be typed for it, the shortest first.
    package var names: [String]

    package init(_ label: String, names: [String] = []) {
      (self.label, self.names) = (label, names)
    }
  }

  /// What is asked, above the list.
  package var title: String
  /// What is before what is typed.
  package var prompt: String
  package var items: [Item]
  /// Whether each item has a number, which may be typed for it.
  package var isNumbered: Bool
  /// Whether what is typed is an answer by itself, which whoever asks reads; else one of the items is.
  package var takesText: Bool

  package init(
    title: String,
    prompt: String,
    items: [Item],
    isNumbered: Bool = false,
    takesText: Bool = false
  ) {
    (self.title, self.prompt, self.items) = (title, prompt, items)
    (self.isNumbered, self.takesText) = (isNumbered, takesText)
  }
}

extension MenuList.Item {
  /// Whether all the words of a text stand in the label, whole and side by side.
  package func hasWords(of text: String) -> Bool {
    let words = Self.words(of: text)
    return !words.isEmpty && Self.words(of: label).contains(words)
  }

  private static func words(of text: String) -> [Substring] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { $0 }
  }
}

/// A list while a person is in it: what they typed narrows it, the arrows move in it.
///
/// A value that draws nothing itself, so that every key can be tested without a terminal.
struct MenuView {
  /// What Enter does.
  enum Decision: Equatable {
    case item(Int)
    /// What was typed is the answer.
    case text
    /// A part of one name only: the whole is shown before it counts.
    case complete(String)
    /// Nothing is clear yet.
    case none
  }

  let list: MenuList
  /// The items that have what was typed in them.
  private(set) var matches: [Int]
  private(set) var typed = ""
  /// The place among the matches the arrows have gone to; `nil`: they were not used.
  private(set) var selected: Int?
  private var firstShown = 0
  /// How many matches the screen has room for.
  private var room = 1
  private let searched: [String]

  init(_ list: MenuList) {
    self.list = list
    matches = Array(list.items.indices)
    searched = list.items.map { ([$0.label] + $0.names).joined(separator: "\n").lowercased() }
  }

  /// Narrows the list to what has every word of `text` in it.
  mutating func narrow(to text: String) {
    let text = Self.trimmed(text)
    guard text != typed else { return }
    typed = text
    (selected, firstShown) = (nil, 0)
    let words = text.lowercased().split(separator: " ")
    matches = searched.indices.filter { index in
      words.allSatisfy { searched[index].contains($0) } || list.isNumbered && text == "\(index + 1)"
    }
  }

  /// Goes down by so many, up when negative; from the ends no further.
  mutating func move(by count: Int) {
    guard !matches.isEmpty else { return }
    guard let present = selected else {
      selected = count > 0 ? 0 : matches.count - 1
      return scroll()
    }
    selected = min(max(present + count, 0), matches.count - 1)
    scroll()
  }

  mutating func turnPage(down: Bool) {
    if selected == nil { move(by: 1) }
    move(by: down ? room : -room)
  }

  /// What Enter does now.
  var decision: Decision {
    if let selected { return .item(matches[selected]) }
    if list.takesText { return typed.isEmpty ? .none : .text }
    guard !typed.isEmpty else { return .none }
    if list.isNumbered, let number = Int(typed), list.items.indices.contains(number - 1) {
      return .item(number - 1)
    }
    let wanted = typed.lowercased()
    let exact = list.items.firstIndex { item in
      ([item.label] + item.names).contains { $0.lowercased() == wanted }
    }
    if let exact { return .item(exact) }
    let named = list.items.indices.filter { list.items[$0].hasWords(of: wanted) }
    if named.count == 1 { return .item(named[0]) }
    guard matches.count == 1 else { return .none }
    return .complete(name(of: matches[0]))
  }

  /// What Tab types: the name of the item that is meant; `nil`: none is yet.
  var completion: String? {
    if let selected { return name(of: matches[selected]) }
    return matches.count == 1 ? name(of: matches[0]) : nil
  }

  /// What is typed for an item.
  func name(of index: Int) -> String {
    let item = list.items[index]
    return item.names.first ?? item.label
  }

  /// The rows of the list as they fit, the one the arrows are at with a mark.
  mutating func rows(columns: Int, height: Int, hasStyle: Bool) -> [String] {
    guard height > 0 else { return [] }
    guard !matches.isEmpty else {
      let note =
        list.takesText ? "no name has that in it; Enter reads it as it is" : "nothing has that"
      return [("  " + note).clipped(to: columns - 1)]
    }
    let fits = matches.count <= height
    room = fits ? matches.count : max(1, height - 1)
    scroll()
    let end = min(firstShown + room, matches.count)
    let width = "\(list.items.count)".count
    var rows = (firstShown..<end).map { place -> String in
      let index = matches[place]
      var row = place == selected ? "> " : "  "
      if list.isNumbered {
        let number = "[\(index + 1)] "
        row += String(repeating: " ", count: width + 3 - number.count) + number
      }
      row += TerminalText.sanitized(list.items[index].label)
      row = row.clipped(to: columns - 1)
      return hasStyle && place == selected ? "\u{1B}[1m\(row)\u{1B}[22m" : row
    }
    if !fits, height > 1 {
      let more = end < matches.count ? "; PgDn, or type to narrow" : ""
      rows.append("  \(firstShown + 1)-\(end) of \(matches.count)\(more)".clipped(to: columns - 1))
    }
    return rows
  }

  private mutating func scroll() {
    guard let selected else { return }
    firstShown = min(firstShown, selected)
    firstShown = max(firstShown, selected - room + 1)
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

extension LineEditor {
  /// Enter in a list; true when something is picked.
  func acceptFromMenu() -> Bool {
    menu?.narrow(to: handle.line.text)
    guard let menu else { return true }
    switch menu.decision {
    case .text: break
    case .item(let index):
      picked = index
      handle.line = EditedLine(menu.name(of: index))
    case .complete(let name):
      handle.line = EditedLine(name)
      return false
    case .none:
      send("\u{7}")
      return false
    }
    let text = handle.line.text
    drawFinally()
    outcome = .line(text)
    return true
  }

  /// Tab in a list: the name that is meant, else the next item.
  func completeFromMenu() {
    menu?.narrow(to: handle.line.text)
    if let name = menu?.completion, name != handle.line.text {
      handle.line = EditedLine(name)
    } else {
      menu?.move(by: 1)
    }
  }

  func turnPage(down: Bool) {
    menu?.narrow(to: handle.line.text)
    menu?.turnPage(down: down)
  }

  /// The list's rows below the line, which has so many itself.
  func menuRows(below count: Int) -> [LineEditorScreen.Row] {
    menu?.narrow(to: handle.line.text)
    let height = min(size.rows - count - rowsAbove, Self.tallestMenu)
    let rows = menu?.rows(
      columns: size.columns,
      height: max(height, min(3, size.rows - count)),
      hasStyle: settings.hasColor
    )
    return (rows ?? []).map { row in
      let shown = TerminalText.sanitized(row)
      return LineEditorScreen.Row(text: row, width: DisplayWidth.cells(of: shown), wraps: false)
    }
  }

  /// More rows than this are no help to the eye.
  private static let tallestMenu = 20
}
