/// What a key can do that libedit does not, or not well.
///
/// The raw value is the slot in the C target; the name is what an editrc may bind.
enum LineEditorAction: CInt, CaseIterable {
  case accept
  case newline
  case interrupt
  case endOrDelete
  case suspend
  case complete
  case paste
  case up
  case down
  case left
  case right
  case wordLeft
  case wordRight
  case rowStart
  case rowEnd
  case backspace
  case delete
  case clearScreen
  case searchBackward
  case searchForward
  case olderMatch
  case newerMatch
  case oldest
  case newest
  case quote
  case undo
  case pageUp
  case pageDown
  case completeBack
  case lastWord
  case editElsewhere
  case prefill
  case ignore

  /// The name of the libedit function.
  var name: String { "shell-\(self)" }

  /// How a recognised key reaches libedit: a lead-in no keyboard sends, and a letter.
  ///
  /// So ESC never becomes a lead-in in vi's insert mode, and a resize or a slow line never
  /// cuts an arrow key in two.
  var scalars: [Unicode.Scalar] { [Self.leadIn, letter] }

  /// The same in the notation of libedit's `bind`.
  var key: String { "\\036\(letter)" }

  static let leadIn: Unicode.Scalar = "\u{1E}"

  private var letter: Unicode.Scalar { Unicode.Scalar(UInt8(ascii: "A") + UInt8(rawValue)) }
}
