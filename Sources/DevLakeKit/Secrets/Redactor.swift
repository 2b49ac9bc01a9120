import Synchronization

/// Hides the secrets in use in whatever leaves the process.
///
/// One redactor serves a session: it is told every secret the moment one is read or sent, and every
/// text that is shown or kept passes it. A server quotes a secret in its own way, so the search sees
/// through the ways of writing that `TracedText` knows and through `SecretPatterns` of base64 and
/// hexadecimal. Marks without width and control characters are ignored *before* the search: a
/// terminal would not show them, and a secret they split would come together again.
///
/// A secret of fewer than four visible bytes is not searched for: it would be found everywhere.
public final class Redactor: Sendable {
  private let patterns = Mutex(SecretPatterns())

  /// A redactor that knows no secret yet.
  public init() {}

  /// Hides `secret` from now on, and each part of it that is a secret by itself: the tokens of a
  /// list joined by commas, the lines of a key.
  public func learn(_ secret: Secret) {
    secret.reveal { value in
      patterns.withLock { patterns in
        patterns.insert(value)
        if value.contains(",") {
          for part in value.split(separator: ",") where part.utf8.count >= 8 {
            patterns.insert(String(part))
          }
        }
        if value.contains(where: \.isNewline) {
          for line in value.split(whereSeparator: \.isNewline)
          where line.utf8.count >= 16 && !line.hasPrefix("-----") {
            patterns.insert(String(line))
          }
        }
      }
    }
  }

  /// Hides what lets the caller in: the API key, the password, the pair of HTTP Basic as it stands
  /// in the header, and the values of further header fields.
  public func learn(_ access: Access) {
    if let apiKey = access.apiKey { learn(apiKey) }
    if let (user, password) = access.basic {
      learn(password)
      learn(Secret(password.reveal { Base64.encode(Array("\(user):\($0)".utf8)) }))
    }
    for (_, value) in access.extra {
      for part in value.reveal(Self.credentials(inHeader:)) { learn(Secret(part)) }
    }
  }

  /// Hides the password of a URL such as a proxy's.
  public func learn(passwordIn url: String) {
    guard let scheme = url.firstRange(of: "://") else { return }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@"),
      let colon = authority[..<at].firstIndex(of: ":")
    else { return }
    let password = String(authority[authority.index(after: colon)..<at])
    learn(Secret(password))
    learn(Secret(password.removingPercentEncoding))
  }

  /// The text with `mark` in the place of every secret.
  public func hiding(_ text: String, as mark: String = Secret.placeholder) -> String {
    hidden(text, as: mark) ?? text
  }

  /// The value with every secret hidden, in texts, in numbers and in the names of members.
  ///
  /// Names are searched for secrets of at least eight bytes only: a password that happens to be
  /// `name` must not take the keys away from programs.
  public func hiding(_ value: JSONValue) -> JSONValue { hidden(value) ?? value }

  /// Whether a text is a secret in use and nothing else; shorter ones than eight bytes are not told,
  /// as `root` is a password and a name.
  public func knows(_ text: String) -> Bool {
    text.utf8.count >= 8 && patterns.withLock { $0.knows(text) }
  }

  /// `nil` when there is nothing to hide, which is nearly always: nothing is copied then.
  private func hidden(_ text: String, as mark: String, atLeast length: Int = 4) -> String? {
    patterns.withLock { $0.hiding(text, as: mark, atLeast: length) }
  }

  private func hidden(_ value: JSONValue) -> JSONValue? {
    switch value {
    case .null, .bool: return nil
    case .number(let text):
      guard let hidden = hidden(text, as: Secret.placeholder) else { return nil }
      return .string(hidden)
    case .string(let text): return hidden(text, as: Secret.placeholder).map(JSONValue.string)
    case .array(let elements):
      var changed: [JSONValue]?
      for (index, element) in elements.enumerated() {
        guard let hidden = hidden(element) else { continue }
        var copy = changed ?? elements
        changed = nil
        copy[index] = hidden
        changed = copy
      }
      return changed.map(JSONValue.array)
    case .object(let object):
      var changed: [JSONObject.Member]?
      for (index, member) in object.members.enumerated() {
        let key = hidden(member.key, as: Secret.placeholder, atLeast: 8)
        let value = hidden(member.value)
        guard key != nil || value != nil else { continue }
        var copy = changed ?? object.members
        changed = nil
        if let key { copy[index].key = key }
        if let value { copy[index].value = value }
        changed = copy
      }
      // Two names may have become one; of those the last counts, as in any object.
      return changed.map { .object(JSONObject($0.map { ($0.key, $0.value) })) }
    }
  }

  /// What is secret in the value of a header field: the value, what follows its scheme
  /// (`Bearer …`), and the values of cookies.
  private static func credentials(inHeader value: String) -> [String] {
    var parts = [value]
    if let blank = value.firstIndex(of: " ") {
      parts.append(String(value[value.index(after: blank)...]))
    }
    for pair in value.split(separator: ";") {
      guard let equals = pair.firstIndex(of: "=") else { continue }
      parts.append(String(pair[pair.index(after: equals)...].trimmingBlanks))
    }
    return parts.filter { $0.utf8.count >= 8 }
  }
}

extension String {
  /// The text with every `%XX` decoded, where that is text; otherwise as it is.
  fileprivate var removingPercentEncoding: String {
    let bytes = Array(utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = bytes[index + 1].hexValue, let low = bytes[index + 2].hexValue
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return String(validating: decoded, as: UTF8.self) ?? self
  }
}
