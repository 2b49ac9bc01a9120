/// Characters that are in for those libyaml would escape although every reader of YAML takes them.
///
/// Each is of the private use area and occurs nowhere else in the data; where there are more than that
/// area has room for, the rest stays escaped.
struct StandIns {
  private var hidden: [Unicode.Scalar: Unicode.Scalar] = [:]
  private var shown: [Unicode.Scalar: Unicode.Scalar] = [:]

  init(for value: JSONValue) {
    var wanted: Set<Unicode.Scalar> = []
    var taken: Set<Unicode.Scalar> = []
    Self.visit(value) { text in
      for scalar in text.unicodeScalars where scalar.value >= 0xE000 {
        if scalar.value <= 0xF8FF {
          taken.insert(scalar)
        } else if scalar.value > 0xFFFF, Self.isShown(scalar) {
          wanted.insert(scalar)
        }
      }
    }
    guard !wanted.isEmpty else { return }
    var free = (UInt32(0xE000)...0xF8FF).lazy.compactMap(Unicode.Scalar.init)
      .filter { !taken.contains($0) }.makeIterator()
    for scalar in wanted.sorted(by: { $0.value < $1.value }) {
      guard let standIn = free.next() else { break }
      hidden[scalar] = standIn
      shown[standIn] = scalar
    }
  }

  /// The data with the stand-ins.
  func hiding(_ value: JSONValue) -> JSONValue {
    guard !hidden.isEmpty else { return value }
    switch value {
    case .null, .bool, .number: return value
    case .string(let text): return .string(Self.replacing(text, hidden))
    case .array(let elements): return .array(elements.map(hiding))
    case .object(let object):
      return .object(
        JSONObject(object.members.map { (Self.replacing($0.key, hidden), hiding($0.value)) })
      )
    }
  }

  /// The text with the characters themselves.
  func showing(_ text: String) -> String { shown.isEmpty ? text : Self.replacing(text, shown) }

  private static func replacing(
    _ text: String,
    _ pairs: [Unicode.Scalar: Unicode.Scalar]
  ) -> String {
    guard text.unicodeScalars.contains(where: { pairs[$0] != nil }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(pairs[scalar] ?? scalar) }
    return String(result)
  }

  /// Whether it is drawn, and so no riddle where it stands as itself.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    guard !scalar.misleads else { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate, .unassigned: return false
    default: return true
    }
  }

  private static func visit(_ value: JSONValue, _ body: (String) -> Void) {
    switch value {
    case .null, .bool, .number: break
    case .string(let text): body(text)
    case .array(let elements): for element in elements { visit(element, body) }
    case .object(let object):
      for member in object.members {
        body(member.key)
        visit(member.value, body)
      }
    }
  }
}
