import DevLakeKit

/// How long ago something was, for people: `3 d`.
enum Age {
  /// The time from an RFC 3339 text to `now`, in seconds since 1970; `nil` for any other text.
  static func text(since time: String, now: Int) -> String? {
    guard let then = Timestamp.seconds(time) else { return nil }
    let age = max(0, now - then)
    switch age {
    case ..<60: return "\(age) s"
    case ..<3600: return "\(age / 60) min"
    case ..<86_400: return "\(age / 3600) h"
    case ..<(730 * 86_400): return "\(age / 86_400) d"
    default: return "\(age / 31_556_952) y"
    }
  }
}
