/// How a part of a text stands out where colour is on.
///
/// The sixteen colours every terminal has, as its owner has set them up; the text says the same
/// without them.
enum TextStyle: String, Sendable {
  case bold = "1"
  /// For hints, which are read when something is looked for.
  case faint = "2"
  case red = "1;31"
  case yellow = "1;33"
  case cyan = "36"
  /// What failed, in a result.
  case failed = "31"
  /// What is new.
  case added = "32"
  /// What changes, or is not as it should be.
  case changed = "33"

  /// The text in this style; as it is when colour is off.
  func applied(to text: String, isOn: Bool) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
