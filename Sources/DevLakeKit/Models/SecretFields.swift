/// Tells by their names which fields hold secrets, where no catalogue does.
public enum SecretFields {
  /// Whether a field of that name is taken for a secret: `(?i)token|secret|password|apikey`.
  public static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["token", "secret", "password", "apikey"].contains { name.contains($0) }
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
      return .string(ServerText.withoutCredentials(ServerText.withoutSecrets(text)))
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

  private static func whollyHidden(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool: value
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, whollyHidden($0.value)) }))
    case .array(let elements): .array(elements.map(whollyHidden))
    case .string, .number: "***"
    }
  }

  /// `tokenExpiresAt` tells when, not what.
  private static func isTime(_ name: String) -> Bool { name.hasSuffix("At") }
}
