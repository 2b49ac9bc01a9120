extension LineEditor {
  /// Inserts a bracketed paste; what it holds is text, whatever keys mean.
  ///
  /// Control characters are text as well and are shown as such: a Ctrl-C that ended the paste would
  /// let its rest run as commands. libedit's lines hold no NUL, so that one shows as a letter that is
  /// refused wherever it matters.
  func paste() {
    var pasted = Substring(pastedText.replacing("\0", with: "\u{FFFD}"))
    // The newline behind the last line is Enter, and that is for the person to press.
    while handle.line.isAtEnd, pasted.last == "\n" { pasted.removeLast() }
    handle.insert(pasted.unicodeScalars)
  }

  /// Says that a paste has begun and does not end, as its end mark was lost on the way.
  ///
  /// Only then, and only if it comes alone, Ctrl-C is the person's: in a paste it is text.
  func showStalledPaste() {
    guard overlayBehindPaste == nil else { return }
    overlayBehindPaste = .some(overlay)
    overlay = (Self.stalledPaste, EditedLine())
    draw()
  }

  func hideStalledPaste() {
    guard let covered = overlayBehindPaste else { return }
    overlay = covered
    overlayBehindPaste = nil
  }

  static let stalledPaste = "the paste has no end yet; Ctrl-C gives it up "
  /// After how many milliseconds without a byte a paste counts as stalled.
  static let pastePatience: CInt = 1_000
}
