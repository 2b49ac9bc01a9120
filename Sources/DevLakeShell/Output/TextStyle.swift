/// How a part of a message stands out where colour is on.
enum TextStyle: String, Sendable {
  case bold = "1"
  case red = "1;31"
  case yellow = "1;33"
  case cyan = "36"

  /// The text in this style; as it is when colour is off.
  func applied(to text: String, isOn: Bool) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
