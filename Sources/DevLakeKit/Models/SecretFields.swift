/// Tells by their names which fields hold secrets, where no catalogue does.
public enum SecretFields {
  /// Whether a field of that name is taken for a secret: `(?i)token|secret|password|apikey`.
  public static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["token", "secret", "password", "apikey"].contains { name.contains($0) }
  }

  /// The value with every secret inside it replaced by `***`.
  public static func hiding(_ value: JSONValue, named name: String = "") -> JSONValue {
    if !name.isEmpty, isSecret(name), !isTime(name) { return hidden(value) }
    switch value {
    case .object(let object):
      return .object(JSONObject(object.members.map { ($0.key, hiding($0.value, named: $0.key)) }))
    case .array(let elements): return .array(elements.map { hiding($0) })
    case .string(let text):
      return .string(ServerText.withoutCredentials(ServerText.withoutSecrets(text)))
    case .null, .bool, .number: return value
    }
  }

  /// The placeholder for a secret's value; `null` stays `null`, and a flag is no secret.
  static func hidden(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool: value
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, hiding($0.value, named: $0.key)) }))
    case .array(let elements): .array(elements.map { hidden($0) })
    case .string, .number: "***"
    }
  }

  /// `tokenExpiresAt` tells when, not what.
  private static func isTime(_ name: String) -> Bool { name.hasSuffix("At") }
}
