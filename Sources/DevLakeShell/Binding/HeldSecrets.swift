import DevLakeKit

/// The secrets that are in data a script has read, as the cells of a CSV file do.
///
/// Data is JSON, which knows no secrets. In their place stands a mark nobody can guess; where one value
/// is taken out of the data it becomes the secret again, and whatever is shown shows `***`.
struct HeldSecrets: Sendable {
  private var secrets: [Secret] = []
  private let head = "held-secret-\(UInt64.random(in: .min ... .max))-"

  /// Keeps a secret, and returns what is in its place.
  mutating func hold(_ secret: Secret) -> JSONValue {
    secrets.append(secret)
    return .string("\(head)\(secrets.count - 1);")
  }

  /// The value a script sees.
  func value(_ data: JSONValue) -> Value {
    guard !secrets.isEmpty, case .string(let text) = data, text.hasPrefix(head), text.last == ";",
      let index = Int(text.dropFirst(head.count).dropLast()), secrets.indices.contains(index)
    else { return .data(data) }
    return .secret(secrets[index])
  }

  /// Whether a secret is somewhere in the data.
  func areIn(_ data: JSONValue) -> Bool {
    guard !secrets.isEmpty else { return false }
    switch data {
    case .string(let text): return text.contains(head)
    case .array(let elements): return elements.contains(where: areIn)
    case .object(let record): return record.members.contains { areIn($0.value) }
    case .null, .bool, .number: return false
    }
  }

  /// The text with `***` in the place of every secret.
  func hiding(_ text: String) -> String {
    guard !secrets.isEmpty, text.contains(head) else { return text }
    var result = ""
    var rest = text[...]
    while let found = rest.firstRange(of: head) {
      result += rest[..<found.lowerBound]
      rest = rest[found.upperBound...].drop { $0 != ";" }.dropFirst()
      result += Secret.placeholder
    }
    return result + rest
  }
}
