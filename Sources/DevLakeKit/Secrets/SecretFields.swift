/// Tells by their names which fields hold secrets, where no catalogue does.
public enum SecretFields {
  /// Whether a field of that name is taken for a secret: `(?i)token|secret|password|apikey`.
  public static func isSecret(_ name: String) -> Bool {
    // Letters outside ASCII have lower cases among these, too: the Kelvin sign is a `k`.
    let bytes = name.utf8.allSatisfy { $0 < 0x80 } ? name.utf8 : name.lowercased().utf8
    return words.contains { holds(bytes, $0) }
  }

  /// The same of a value that is written: whether something is on or off is no secret.
  public static func isSecret(_ name: String, holding text: String) -> Bool {
    !["true", "false", "null"].contains(text.lowercased()) && isSecret(name)
  }

  /// Whether a field of that name holds a secret, and not only when one ends.
  static func namesSecret(_ name: String) -> Bool { isSecret(name) && !isTime(name) }

  private static let words: [StaticString] = ["token", "secret", "password", "apikey"]

  /// Whether the word is in the bytes, in whatever case.
  ///
  /// Every field of every connection is asked: the library's own search takes twenty times as long.
  private static func holds(_ bytes: String.UTF8View, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    var matched = 0
    for byte in bytes {
      let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
      // The first letter of each stands in it once, so that only the byte itself can begin anew.
      if lower != word.utf8Start[matched] { matched = 0 }
      if lower == word.utf8Start[matched] { matched += 1 }
      if matched == count { return true }
    }
    return false
  }

  /// The value with every secret inside it replaced by `***`.
  ///
  /// - Parameter fields: Names whose values are secrets whatever they are called, with everything
  ///   below them.
  public static func hiding(
    _ value: JSONValue,
    named name: String = "",
    and fields: Set<String> = []
  ) -> JSONValue {
    if fields.contains(name) { return whollyHidden(value) }
    if !name.isEmpty, isSecret(name), !isTime(name) { return hidden(value, and: fields) }
    switch value {
    case .object(let object): return .object(hiding(object, and: fields))
    case .array(let elements): return .array(elements.map { hiding($0, and: fields) })
    case .string(let text):
      return .string(ServerText.withoutCredentials(ServerText.withoutMasks(text)))
    case .null, .bool, .number: return value
    }
  }

  /// The placeholder for a secret's value; `null` stays `null`, and a flag is no secret.
  static func hidden(_ value: JSONValue, and fields: Set<String> = []) -> JSONValue {
    switch value {
    case .null, .bool: value
    case .object(let object): .object(hiding(object, and: fields))
    case .array(let elements): .array(elements.map { hidden($0, and: fields) })
    case .string, .number: "***"
    }
  }

  /// The texts inside a value whose names call them secrets.
  static func secrets(
    in value: JSONValue,
    named name: String = "",
    and fields: Set<String> = []
  ) -> [Secret] {
    switch value {
    // A field that is a secret as a whole may hold a list of `{key, value}`.
    case .object(let object) where fields.contains(name):
      object.members.filter { $0.key != "key" }.flatMap {
        secrets(in: $0.value, named: name, and: fields)
      }
    case .object(let object):
      object.members.flatMap { secrets(in: $0.value, named: $0.key, and: fields) }
    case .array(let elements): elements.flatMap { secrets(in: $0, named: name, and: fields) }
    case .string(let text)
    where !text.isEmpty && (fields.contains(name) || (isSecret(name) && !isTime(name))):
      [Secret(text)]
    case .null, .bool, .number, .string: []
    }
  }

  private static func hiding(_ object: JSONObject, and fields: Set<String>) -> JSONObject {
    JSONObject(object.members.map { ($0.key, hiding($0.value, named: $0.key, and: fields)) })
  }

  /// Everything in a secret field hidden but the names of its parts: a list of `{key, value}` shows
  /// its keys.
  static func whollyHidden(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool: value
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { ($0.key, $0.key == "key" ? $0.value : whollyHidden($0.value)) }
        )
      )
    case .array(let elements): .array(elements.map(whollyHidden))
    case .string, .number: "***"
    }
  }

  /// `tokenExpiresAt` tells when, not what.
  private static func isTime(_ name: String) -> Bool { name.hasSuffix("At") }
}
