/// What is hidden of JSON values: secrets by the names of their fields, and what is in addresses.
extension SecretFields {
  /// The value with every secret inside it replaced by `***`.
  ///
  /// - Parameters:
  ///   - value: The value to show.
  ///   - name: The field it belongs to, which may be a secret's.
  ///   - fields: Names whose values are secrets whatever they are called, with everything below them.
  package static func hiding(
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

  /// The placeholder for a secret's value; `null` stays `null`, and a flag is not a secret.
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
}
