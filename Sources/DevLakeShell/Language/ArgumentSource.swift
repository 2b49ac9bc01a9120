/// The one command of the program's own arguments, in which every word is literal.
package enum ArgumentSource {
  /// Makes the command, and a text to show its mistakes in: the arguments, quoted where needed.
  ///
  /// Nothing is expanded and there are no operators. A word beginning with `-` may be an option,
  /// as if it stood unquoted. Without arguments the command's name is empty.
  package static func make(_ arguments: [String]) -> (SourceText, SimpleCommand) {
    var text = ""
    var words: [Word] = []
    for argument in arguments {
      if !text.isEmpty { text += " " }
      words.append(append(argument, to: &text))
    }
    let nameSpan = words.first?.span ?? SourceSpan(lower: 0, upper: 0)
    let command = SimpleCommand(
      name: Located(value: arguments.first ?? "", span: nameSpan),
      words: Array(words.dropFirst()),
      span: SourceSpan(lower: 0, upper: text.utf8.count)
    )
    return (SourceText(name: "<argument>", text: text), command)
  }

  private static func append(_ argument: String, to text: inout String) -> Word {
    let start = text.utf8.count
    guard argument.hasPrefix("-") else {
      text += Quoting.quote(argument)
      return Word(literal: argument, span: SourceSpan(lower: start, upper: text.utf8.count))
    }
    // The name stays outside the quotes, so that its place and the value's are where they look.
    let sign = argument.utf8.firstIndex(of: UInt8(ascii: "="))
    let valueStart = sign.map { argument.utf8.index(after: $0) } ?? argument.endIndex
    let name = String(argument[..<valueStart])
    let value = String(argument[valueStart...])
    text += shown(name)
    let nameSpan = SourceSpan(lower: start, upper: text.utf8.count)
    var parts = [Word.Part(kind: .plain(name, isEscaped: false), span: nameSpan)]
    if !value.isEmpty {
      text += Quoting.quote(value)
      let valueSpan = SourceSpan(lower: nameSpan.upper, upper: text.utf8.count)
      parts.append(Word.Part(kind: .plain(value, isEscaped: false), span: valueSpan))
    }
    return Word(parts: parts, span: SourceSpan(lower: start, upper: text.utf8.count))
  }

  /// An option's name as it can be shown: bare, unless it holds what no name does.
  private static func shown(_ name: String) -> String {
    let hyphens = name.prefix { $0 == "-" }
    let rest = name.dropFirst(hyphens.count)
    let isOrdinary = rest.utf8.allSatisfy { byte in
      byte > 0x20 && byte != 0x7F && !"{}()<>|&;`'\"\\$".utf8.contains(byte)
    }
    return isOrdinary ? name : hyphens + Quoting.double(String(rest))
  }
}

extension Word {
  /// A word of nothing but this text, whatever characters are in it.
  package init(literal: String, span: SourceSpan) {
    self.init(parts: [Part(kind: .plain(literal, isEscaped: false), span: span)], span: span)
  }
}
