/// What a word means, and what is known of where that came from.
struct Expanded {
  /// One part of a word, as text.
  struct Piece: Sendable {
    var text: String
    /// Whether it came from DevLake, a file, standard input, the environment or a child.
    var isForeign: Bool
  }

  /// One part of a condition's word.
  struct Part: Sendable {
    var value: Value
    var isForeign: Bool
  }

  var value: Value
  /// The parts of a condition.
  var parts: [Part]?
  /// The pieces, where one came from outside the script.
  var pieces: [Piece]?
  /// Whether a secret is in a list or record.
  var holdsSecret = false
}
