/// An option as it was written: `--name`, `--name=value`, `-n`.
package struct WrittenOption: Sendable, Equatable {
  /// With its hyphens.
  package var name: Located<String>
  /// What is after `=`; it may be empty, quoted or expanded.
  package var value: Word?
}

extension Word {
  /// Whether the source text begins with an unquoted `-`.
  ///
  /// What an expansion yields or a quote or backslash protects is never an option. `-` alone is
  /// like one here; what it, `--` and `-5` mean is the binder's to say.
  package var isOptionLike: Bool {
    guard case .plain(let text, isEscaped: false)? = parts.first?.kind else { return false }
    return text.utf8.first == UInt8(ascii: "-")
  }

  /// Whether it is the unquoted `--` after which nothing is an option.
  package var endsOptions: Bool { plain == "--" }

  /// The option's name and value.
  ///
  /// Nil when the word is not like an option, or its name is not written plainly (`--na"me"`).
  package var writtenOption: WrittenOption? {
    guard isOptionLike, let first = parts.first, case .plain(let text, _) = first.kind else {
      return nil
    }
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      guard parts.count == 1 else { return nil }
      return WrittenOption(name: Located(value: text, span: span), value: nil)
    }
    let nameEnd = span.lower + text.utf8.distance(from: text.startIndex, to: sign)
    let valueSpan = SourceSpan(lower: nameEnd + 1, upper: span.upper)
    let rest = String(text[text.utf8.index(after: sign)...])
    var valueParts = Array(parts.dropFirst())
    if !rest.isEmpty {
      let restSpan = SourceSpan(lower: nameEnd + 1, upper: first.span.upper)
      valueParts.insert(Part(kind: .plain(rest, isEscaped: false), span: restSpan), at: 0)
    }
    return WrittenOption(
      name: Located(
        value: String(text[..<sign]),
        span: SourceSpan(lower: span.lower, upper: nameEnd)
      ),
      value: Word(parts: valueParts, span: valueSpan)
    )
  }

  /// The option's name with its hyphens, if it is written plainly.
  package var optionName: Located<String>? { writtenOption?.name }
}
