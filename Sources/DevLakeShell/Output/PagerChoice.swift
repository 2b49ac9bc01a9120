/// When a long result is shown a screen at a time.
enum PagerChoice: String, CaseIterable, Sendable {
  /// When it is taller than the screen.
  case auto
  case on
  case off
}
