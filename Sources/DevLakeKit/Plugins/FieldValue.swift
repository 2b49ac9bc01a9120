/// A value a person gave for a field, in the type the field has.
@nonexhaustive
public enum FieldMistake: Error, Equatable, CustomStringConvertible {
  /// The text is not of the field's kind.
  case wrongKind(field: String, wanted: String)
  /// The name is empty, blank or too long.
  case name(String)
  /// The secret would break DevLake's list of connections.
  case secret(String)
  /// The endpoint is not acceptable.
  case endpoint(EndpointMistake)
  /// The proxy is not acceptable.
  case proxy(String)

  /// The same of what the person calls otherwise, such as an option.
  public func named(_ name: String) -> FieldMistake {
    guard case .wrongKind(_, let wanted) = self else { return self }
    return .wrongKind(field: name, wanted: wanted)
  }

  /// What is wrong and what to write, one line.
  public var description: String {
    switch self {
    case .wrongKind(let field, let wanted): "'\(field)' must be \(wanted)"
    case .name(let reason), .secret(let reason), .proxy(let reason): reason
    case .endpoint(let mistake): mistake.description
    }
  }
}

extension PluginField {
  /// Reads `text` as a value of this field.
  public func value(_ text: String) throws(FieldMistake) -> JSONValue {
    switch kind {
    case .text, .pem: return .string(text)
    case .date:
      if text.isEmpty { return .null }
      guard text.count >= 20, text.contains("T") else {
        throw .wrongKind(field: name, wanted: "a time such as 2027-01-31T00:00:00Z")
      }
      return .string(text)
    case .integer:
      guard let number = Int(text), number >= 0 else {
        throw .wrongKind(field: name, wanted: "a whole number, not '\(ServerText.line(text))'")
      }
      return .integer(number)
    case .boolean:
      switch text.lowercased() {
      case "true", "yes", "on", "1": return true
      case "false", "no", "off", "0": return false
      default:
        throw .wrongKind(field: name, wanted: "true or false, not '\(ServerText.line(text))'")
      }
    case .choice(let words):
      guard let word = words.first(where: { $0.lowercased() == text.lowercased() }) else {
        throw .wrongKind(
          field: name,
          wanted: "\(words.joined(separator: " or ")), not '\(ServerText.line(text))'"
        )
      }
      return .string(word)
    case .json:
      do {
        return try JSONValue(parsing: text.utf8)
      } catch {
        throw .wrongKind(field: name, wanted: "JSON")
      }
    }
  }
}

/// What a connection may be called.
package enum ConnectionName {
  /// DevLake's limit, in characters (varchar(100), measured).
  package static let maximumLength = 100

  /// Checks a name before it is sent.
  package static func check(_ name: String) throws(FieldMistake) {
    guard !name.trimmingBlanks.isEmpty else { throw .name("the name is empty") }
    // The database counts code points.
    let length = name.unicodeScalars.count
    guard length <= maximumLength else {
      throw .name("the name has \(length) characters; DevLake allows at most \(maximumLength)")
    }
    guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw .name("the name contains control characters; remove them")
    }
  }

  /// Whether MySQL takes both for the same name: trailing blanks do not count there.
  package static func collides(_ lhs: String, _ rhs: String) -> Bool {
    withoutTrailingBlanks(lhs) == withoutTrailingBlanks(rhs)
  }

  /// Whether only letter case tells them apart.
  package static func resembles(_ lhs: String, _ rhs: String) -> Bool {
    lhs != rhs && withoutTrailingBlanks(lhs).lowercased() == withoutTrailingBlanks(rhs).lowercased()
  }

  /// What names have in common that only look different: no trailing blanks, no capitals.
  static func folded(_ name: String) -> String { withoutTrailingBlanks(name).lowercased() }

  private static func withoutTrailingBlanks(_ text: String) -> Substring {
    var rest = text[...]
    while rest.last == " " { rest = rest.dropLast() }
    return rest
  }
}

/// What a proxy of a connection may look like.
package enum ProxyRules {
  /// Checks a proxy: DevLake takes `http://` and `socks5://` and ignores every other kind silently.
  package static func check(_ text: String) throws(FieldMistake) {
    if text.isEmpty { return }
    let mistake: ServerURLMistake
    do throws(ServerURLMistake) {
      _ = try ServerURL(text, schemes: [.http, .socks5])
      return
    } catch {
      mistake = error
    }
    switch mistake.fault {
    // DevLake converts a name that is not ASCII.
    case .nonASCII: return
    case .scheme, .blanks, .noHost:
      throw .proxy(
        "the proxy '\(ServerText.line(ServerText.withoutCredentials(text)))' is not an http:// or socks5:// address; "
          + "write it like http://proxy:8080"
      )
    default:
      let shown = mistake.shown.map { "'\($0)' " } ?? ""
      throw .proxy(
        "the proxy \(shown)cannot be used: \(mistake.reason); write it like http://proxy:8080"
      )
    }
  }
}
