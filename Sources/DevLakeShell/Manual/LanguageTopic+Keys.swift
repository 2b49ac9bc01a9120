extension LanguageTopic {
  static let keys = LanguageTopic(
    name: "keyboard",
    abstract: "The keys at the prompt and in questions",
    keywords: ["keys", "shortcuts", "editing"],
    text: [
      "  Tab, Tab again        complete; list what is possible, then walk through it (Shift-Tab: back)",
      "  Right, Ctrl-F         take the grey hint",
      "  Up, Down              the lines before; with something typed only those that begin so",
      "  Ctrl-R, Ctrl-S        search them, backward and forward",
      "  Alt-.                 the last word of the line before; again: of the one before that",
      "  Ctrl-A, Ctrl-E        to the beginning, to the end",
      "  Alt-B, Alt-F          a word back, a word on",
      "  Ctrl-W, Ctrl-U, Ctrl-K, Ctrl-Y  cut a word, to the beginning, to the end; paste what was cut",
      "  Ctrl-_                undo",
      "  Alt-Enter             a new row of the same entry",
      "  Ctrl-X Ctrl-E         change the line in $VISUAL or $EDITOR",
      "  Ctrl-L, Ctrl-C, Ctrl-D, Ctrl-Z  empty the screen; give the line up; leave; stop the shell",
      "A paste is text until Enter, with all that is in it. In a list typing narrows it, the arrows "
        + "and PgUp and PgDn move in it, Tab completes the name, Enter takes it. ~/.editrc may bind "
        + "other keys, and 'bind -v' in it chooses those of vi.",
      "'?' and '\\?' mean help, 'ls' list, 'source' and '.' include, '\\q' quit. '!vim' and other "
        + "programs behind a '!' have the terminal while they run.",
    ],
    examples: [Example("set timing on; set timing", "on\n")]
  )
}
