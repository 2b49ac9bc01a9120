/// The line when it begins at the top of the screen, as after Ctrl-L, and what the terminal has
/// pushed out above it.
///
/// A narrower tmux needs more rows for a line and takes them at the top, although there is room
/// below. What it pushes out is the line's own beginning, which comes back as debris with a larger
/// window. Elsewhere nothing comes back, and erasing stops at the top.
struct LineEditorTop {
  /// The cells of each beginning that was pushed out.
  private var lost: [Int] = []

  /// Whether a larger window would bring back what was pushed out.
  var hasLost: Bool { !lost.isEmpty }

  /// The window has another size.
  ///
  /// - Parameters:
  ///   - drawn: How many rows the line had.
  ///   - reflowed: How many the terminal has made of them.
  ///   - growth: How many rows the screen has more.
  /// - Returns: How many rows of debris are above the line now.
  mutating func resized(from drawn: Int, to reflowed: Int, columns: Int, growth: Int) -> Int {
    if reflowed > drawn { lost.append((reflowed - drawn) * columns) }
    let room = max(0, drawn - reflowed) + max(0, growth)
    guard room > 0, hasLost else { return 0 }
    let rows = lost.reduce(0) { $0 + ($1 + columns - 1) / columns }
    lost = []
    return min(room, rows)
  }
}
