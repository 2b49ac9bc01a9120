/// One piece of input, with the name it is known by in messages.
struct SourceText: Sendable, Equatable {
  /// `<terminal>`, `<stdin>`, `<argument>`, or a path as it was given.
  let name: String
  let text: String
  /// The number of the first line, where the text is a later part of an input.
  var firstLine = 1
}

/// A half-open range of UTF-8 bytes in a source text.
struct SourceSpan: Sendable, Hashable {
  var lower: Int
  var upper: Int
}

/// A value, and the place in the source it came from.
struct Located<Value: Sendable>: Sendable {
  var value: Value
  var span: SourceSpan
}

extension Located: Equatable where Value: Equatable {}
