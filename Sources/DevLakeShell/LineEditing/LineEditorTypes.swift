/// What Tab may insert, as the caller's completer sees it.
struct CompletionAnswer: Sendable, Equatable {
  /// One of the things that may stand there.
  struct Candidate: Sendable, Equatable {
    /// What is inserted, quoted as the language wants it.
    var text: String
    /// What the list shows.
    var display: String
    var description: String
    /// Whether a blank follows when this is the only candidate.
    var appendsBlank: Bool
    /// Whether Tab shows it and leaves it to the person to type.
    var isOnlyListed: Bool

    init(
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
  var replaced: Range<Int>
  var candidates: [Candidate]
  /// What is said where there is no candidate.
  var note = ""
}

/// Grey text behind the line.
struct Hint: Sendable, Equatable {
  var text: String
  /// Whether Right and Ctrl-F take it into the line; a placeholder such as `<id>` is only shown.
  var isAcceptable: Bool

  init(_ text: String, isAcceptable: Bool) {
    self.text = text
    self.isAcceptable = isAcceptable
  }
}

/// What the world outside decides about the editor.
struct LineEditorSettings: Sendable {
  /// Grey text can be shown and is wanted.
  var showsHints: Bool
  /// The terminal can do no more than go back to the row's start.
  var isDumb: Bool
  /// Whether the person's editrc is read; libedit finds it by `$EDITRC` or `$HOME`.
  var readsPreferences: Bool
  /// One answer is read, while a command waits for it.
  var isQuestion = false

  init(showsHints: Bool = true, isDumb: Bool = false, readsPreferences: Bool = true) {
    self.showsHints = showsHints
    self.isDumb = isDumb
    self.readsPreferences = readsPreferences
  }

  init(environment: [String: String], readsPreferences: Bool = true) {
    let terminal = environment["TERM", default: ""]
    isDumb = ["", "dumb", "unknown"].contains(terminal)
    showsHints = !isDumb && environment["NO_COLOR", default: ""].isEmpty
    self.readsPreferences = readsPreferences
  }
}
