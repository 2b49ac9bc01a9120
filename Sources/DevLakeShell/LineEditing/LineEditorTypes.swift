/// What Tab may insert, as the caller's completer sees it.
package struct CompletionAnswer: Sendable, Equatable {
  /// One of the things that may be there.
  package struct Candidate: Sendable, Equatable {
    /// What is inserted, quoted as the language wants it.
    package var text: String
    /// What the list shows.
    package var display: String
    package var description: String
    /// Whether a blank follows when this is the only candidate.
    package var appendsBlank: Bool
    /// Whether Tab shows it and leaves it to the person to type.
    package var isOnlyListed: Bool

    package init(
      text: String,
      display: String? = nil,
      description: String = "",
      appendsBlank: Bool = true,
      isOnlyListed: Bool = false
    ) {
      self.text = text
      self.display = display ?? text
      self.description = description
      self.appendsBlank = appendsBlank
      self.isOnlyListed = isOnlyListed
    }
  }

  /// The part of the line the candidates replace, as offsets in its UTF-8.
  package var replaced: Range<Int>
  package var candidates: [Candidate]
  /// What is said where there is no candidate.
  package var note = ""

  package init(replaced: Range<Int>, candidates: [Candidate], note: String = "") {
    (self.replaced, self.candidates, self.note) = (replaced, candidates, note)
  }
}

/// Grey text behind the line.
package struct Hint: Sendable, Equatable {
  package var text: String
  /// Whether Right and Ctrl-F take it into the line; a placeholder such as `<id>` is only shown.
  package var isAcceptable: Bool

  package init(_ text: String, isAcceptable: Bool) {
    self.text = text
    self.isAcceptable = isAcceptable
  }
}

/// What the world outside decides about the editor.
package struct LineEditorSettings: Sendable {
  /// The name by which lines of an editrc may be for this program alone.
  var program = "shell"
  /// Grey text can be shown and is wanted.
  var showsHints: Bool
  /// Parts of the line may stand out, in colours or bold.
  package var hasColor = false
  /// The terminal can do no more than go back to the row's start.
  package var isDumb: Bool
  /// Whether the person's editrc is read; libedit finds it by `$EDITRC` or `$HOME`.
  var readsPreferences: Bool
  /// One answer is read, while a command waits for it.
  var isQuestion = false

  init(showsHints: Bool = true, isDumb: Bool = false, readsPreferences: Bool = true) {
    self.showsHints = showsHints
    self.isDumb = isDumb
    self.readsPreferences = readsPreferences
  }

  package init(
    program: String,
    environment: [String: String],
    readsPreferences: Bool = true
  ) {
    self.program = program
    let terminal = environment["TERM", default: ""]
    isDumb = ["", "dumb", "unknown"].contains(terminal)
    showsHints = !isDumb && environment["NO_COLOR", default: ""].isEmpty
    hasColor = showsHints
    self.readsPreferences = readsPreferences
  }
}
