/// Which keys mean which action.
enum LineEditorKeys {
  /// Escape sequences as terminals send them, whatever TERM or an editrc says.
  static let sequences: [String: LineEditorAction] = [
    "\u{1B}[A": .up, "\u{1B}OA": .up, "\u{1B}[B": .down, "\u{1B}OB": .down,
    "\u{1B}[C": .right, "\u{1B}OC": .right, "\u{1B}[D": .left, "\u{1B}OD": .left,
    "\u{1B}[H": .rowStart, "\u{1B}OH": .rowStart, "\u{1B}[1~": .rowStart, "\u{1B}[7~": .rowStart,
    "\u{1B}[F": .rowEnd, "\u{1B}OF": .rowEnd, "\u{1B}[4~": .rowEnd, "\u{1B}[8~": .rowEnd,
    "\u{1B}[3~": .delete, "\u{1B}[200~": .paste, "\u{1B}[Z": .completeBack,
  ]

  /// Escape sequences that an editrc may bind otherwise.
  static let optionalSequences: [String: LineEditorAction] = [
    "\u{1B}[1;5C": .wordRight, "\u{1B}[5C": .wordRight, "\u{1B}Oc": .wordRight,
    "\u{1B}[1;3C": .wordRight,
    "\u{1B}[1;5D": .wordLeft, "\u{1B}[5D": .wordLeft, "\u{1B}Od": .wordLeft,
    "\u{1B}[1;3D": .wordLeft,
    "\u{1B}[5~": .pageUp, "\u{1B}[6~": .pageDown,
  ]

  /// Bound before the editrc is read, in libedit's notation.
  static let emacs: [(key: String, action: LineEditorAction)] = [
    ("^A", .rowStart), ("^B", .left), ("^D", .endOrDelete), ("^E", .rowEnd), ("^F", .right),
    ("^H", .backspace), ("^L", .clearScreen), ("^N", .down), ("^P", .up),
    ("^R", .searchBackward), ("^S", .searchForward), ("^V", .quote), ("^?", .backspace),
    ("^_", .undo), ("^G", .ignore), ("^@", .ignore), ("^O", .ignore),
    ("\\eb", .wordLeft), ("\\ef", .wordRight), ("\\ep", .olderMatch), ("\\en", .newerMatch),
    ("\\e<", .oldest), ("\\e>", .newest), ("\\e.", .lastWord), ("\\e_", .lastWord),
    ("^X^E", .editElsewhere), ("\\e\\015", .newline), ("\\e\\012", .newline),
  ]

  /// Bound after an editrc chose vi keys, in insert mode.
  static let viInsert: [(key: String, action: LineEditorAction)] = [
    ("^D", .endOrDelete), ("^H", .backspace), ("^?", .backspace), ("^L", .clearScreen),
    ("^R", .searchBackward), ("^S", .searchForward), ("^V", .quote), ("^N", .down), ("^P", .up),
  ]

  /// Bound after an editrc chose vi keys, in command mode.
  static let viCommand: [(key: String, action: LineEditorAction)] = [
    ("k", .up), ("j", .down), ("-", .up), ("+", .down), ("^P", .up), ("^N", .down),
    ("/", .searchBackward), ("?", .searchForward), ("^R", .searchBackward),
    ("^L", .clearScreen), ("^D", .endOrDelete),
  ]

  /// Never bound, whatever an editrc says of them: they run `vi` on a world-known path, or
  /// open libedit's own command line.
  static let forbidden = ["v", ":"]
}

extension LineEditor {
  /// Binds the keys around the person's editrc: ours first, then theirs, then what must be.
  func bindKeys(readsPreferences: Bool) {
    for (key, action) in LineEditorKeys.emacs { handle.bind(key, to: action.name) }
    if readsPreferences { handle.readPreferences() }
    if handle.usesViKeys {
      for (key, action) in LineEditorKeys.viInsert { handle.bind(key, to: action.name) }
      for (key, action) in LineEditorKeys.viCommand {
        handle.bind(key, to: action.name, inCommandMap: true)
      }
      for key in LineEditorKeys.forbidden {
        handle.bind(key, to: LineEditorAction.ignore.name, inCommandMap: true)
      }
    } else {
      // M-x is a command line of libedit's: it can bind keys and start an editor. Not with vi's
      // keys, where a binding that begins with ESC would make ESC itself wait.
      for key in ["\\ex", "\\eX"] { handle.bind(key, to: LineEditorAction.ignore.name) }
    }
    for action in LineEditorAction.allCases {
      handle.bind(action.key, to: action.name)
      handle.bind(action.key, to: action.name, inCommandMap: true)
    }
  }
}
