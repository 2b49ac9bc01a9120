/// The variables a text for `/bin/sh` uses: `$NAME` and `${NAME…}` outside single quotes.
///
/// Those the text sets itself, with `NAME=`, `for NAME` or `read NAME`, are its own.
struct ShellTextVariables {
  private let used: Set<String>
  private let set: Set<String>

  init(in text: String) {
    var used: Set<String> = []
    var isQuoted = false
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "'": isQuoted.toggle()
      case "\"" where !isQuoted:
        // Single quotes mean nothing between double ones.
        rest = Self.used(inQuotes: rest, &used)
      case "\\" where !isQuoted: _ = rest.popFirst()
      case "$" where !isQuoted: Self.note(&rest, &used)
      default: break
      }
    }
    self.used = used
    var own: Set<String> = []
    let words = text.split { $0.isWhitespace || ";&|(".contains($0) }
    for (index, word) in words.enumerated() {
      if let equals = word.firstIndex(of: "=") { own.insert(String(word[..<equals])) }
      if index > 0, ["for", "read", "-r"].contains(words[index - 1]) { own.insert(String(word)) }
    }
    set = own
  }

  /// Whether the text wants the value from outside.
  func names(_ name: String) -> Bool { used.contains(name) && !set.contains(name) }

  private static func used(inQuotes text: Substring, _ used: inout Set<String>) -> Substring {
    var rest = text
    while let character = rest.popFirst() {
      switch character {
      case "\"": return rest
      case "\\": _ = rest.popFirst()
      case "$": note(&rest, &used)
      default: break
      }
    }
    return rest
  }

  private static func note(_ rest: inout Substring, _ used: inout Set<String>) {
    if rest.first == "{" { rest = rest.dropFirst() }
    if rest.first == "#" { rest = rest.dropFirst() }
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    if name.first?.isNumber == false { used.insert(String(name)) }
    rest = rest.dropFirst(name.count)
  }
}
