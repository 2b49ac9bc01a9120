/// One piece of input, with the name it is known by in messages.
package struct SourceText: Sendable, Equatable {
  /// `<terminal>`, `<stdin>`, `<argument>`, or a path as it was given.
  package let name: String
  package let text: String
  /// The number of the first line, where the text is a later part of an input.
  package var firstLine: Int

  package init(name: String, text: String, firstLine: Int = 1) {
    self.name = name
    self.text = text
    self.firstLine = firstLine
  }
}

/// A half-open range of UTF-8 bytes in a source text.
package struct SourceSpan: Sendable, Hashable {
  package var lower: Int
  package var upper: Int

  package init(lower: Int, upper: Int) {
    self.lower = lower
    self.upper = upper
  }
}

/// A value, and the place in the source it came from.
package struct Located<Value: Sendable>: Sendable {
  package var value: Value
  package var span: SourceSpan

  package init(value: Value, span: SourceSpan) {
    self.value = value
    self.span = span
  }
}

extension Located: Equatable where Value: Equatable {}
