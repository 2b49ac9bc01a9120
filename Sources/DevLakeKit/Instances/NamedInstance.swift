/// A DevLake with a name, and what it takes to be let in.
public struct NamedInstance: Sendable, Equatable {
  /// The name a person uses.
  public let name: String
  /// The URL in front of its routes; it may hold a user and a password.
  public let url: ServerURL
  /// Its API key.
  public let apiKey: SecretReference?
  /// The user of HTTP Basic.
  public let user: String?
  /// The password of HTTP Basic.
  public let password: SecretReference?
  /// The certificates to trust, as written; a relative path starts at the file's folder.
  public let certificateFile: String?
  /// Further header fields, in the file's order.
  public let headers: [Header]
  /// Whether nothing is sent that may change it.
  public let isReadOnly: Bool
  /// Whether its name is asked for before anything is changed.
  public let isProtected: Bool
  /// Whether nothing may be changed in it that is not in the audit log.
  public let auditRequired: Bool
  /// How its name stands out in the prompt; `nil`: as any other.
  public let color: Color?

  /// A colour every terminal has.
  public enum Color: String, Sendable, CaseIterable {
    case red, green, yellow, blue, magenta, cyan, white
  }

  /// A header field of every request.
  public struct Header: Sendable, Equatable {
    /// The field's name.
    public let name: String
    /// Where its value stands.
    public let value: SecretReference
  }

  /// The settings an instance may have.
  static let settings = [
    "url", "apiKey", "user", "password", "caCert", "headers", "readOnly", "protected",
    "auditRequired", "color",
  ]

  /// Reads an entry of the file.
  init(_ name: String, _ value: JSONValue) throws(NamedInstanceFault) {
    guard let members = value.object?.members else {
      throw NamedInstanceFault(name, "is not a mapping of settings: \(name): {url: …}")
    }
    if let unknown = members.first(where: { !Self.settings.contains($0.key) }) {
      throw NamedInstanceFault(
        name,
        "has no setting '\(unknown.key)'; there are \(Self.settings.joined(separator: ", "))"
      )
    }
    func text(_ key: String) throws(NamedInstanceFault) -> String? {
      guard let member = value[key], !member.isNull else { return nil }
      // A password of digits alone is a number for YAML.
      if case .number(let digits) = member { return digits }
      guard let text = member.string, !text.isEmpty else {
        throw NamedInstanceFault(name, "needs text in '\(key)'")
      }
      return text
    }
    func flag(_ key: String) throws(NamedInstanceFault) -> Bool {
      guard let member = value[key], !member.isNull else { return false }
      guard let flag = member.bool else {
        throw NamedInstanceFault(name, "needs true or false in '\(key)'")
      }
      return flag
    }
    func reference(_ key: String, _ text: String?) throws(NamedInstanceFault) -> SecretReference? {
      guard let text else { return nil }
      do throws(SecretReferenceError) {
        return try SecretReference(text)
      } catch {
        throw NamedInstanceFault(name, "has an unusable '\(key)': \(error.description)")
      }
    }
    isReadOnly = try flag("readOnly")
    isProtected = try flag("protected")
    guard let url = try text("url") else { throw NamedInstanceFault(name, "has no 'url'") }
    self.name = name
    do throws(ServerURLMistake) {
      self.url = try ServerURL(typed: url)
    } catch {
      throw NamedInstanceFault(name, "has an unusable 'url': \(error.description)")
    }
    apiKey = try reference("apiKey", try text("apiKey"))
    user = try text("user")
    password = try reference("password", try text("password"))
    certificateFile = try text("caCert")
    auditRequired = try flag("auditRequired")
    color = try text("color").map { (word) throws(NamedInstanceFault) in
      guard let color = Color(rawValue: word) else {
        throw NamedInstanceFault(
          name,
          "has the unknown color '\(word)'; there are "
            + Color.allCases.map(\.rawValue).joined(separator: ", ")
        )
      }
      return color
    }
    if user != nil, password == nil {
      throw NamedInstanceFault(name, "has a 'user' and no 'password'")
    }
    if user != nil, apiKey != nil {
      throw NamedInstanceFault(name, "has an 'apiKey' and a 'user': only one can be used")
    }
    var headers: [Header] = []
    if let given = value["headers"], !given.isNull {
      guard let fields = given.object?.members else {
        throw NamedInstanceFault(name, "needs a mapping in 'headers': {Name: value}")
      }
      for field in fields {
        guard let text = field.value.string ?? (field.value.int.map { "\($0)" }),
          let value = try reference("headers.\(field.key)", text)
        else { throw NamedInstanceFault(name, "needs text in 'headers.\(field.key)'") }
        headers.append(Header(name: field.key, value: value))
      }
    }
    self.headers = headers
  }

  /// An entry that is not in a file yet.
  package init(
    _ name: String,
    url: ServerURL,
    apiKey: SecretReference? = nil,
    user: String? = nil,
    password: SecretReference? = nil,
    certificateFile: String? = nil,
    isReadOnly: Bool = false,
    isProtected: Bool = false,
    color: Color? = nil
  ) {
    self.name = name
    self.url = url
    self.apiKey = apiKey
    self.user = user
    self.password = password
    self.certificateFile = certificateFile
    headers = []
    self.isReadOnly = isReadOnly
    self.isProtected = isProtected
    auditRequired = false
    self.color = color
  }

  /// The settings that spell a secret out.
  public var literalSecrets: [String] {
    var settings: [String] = []
    if apiKey?.isSpelledOut == true { settings.append("apiKey") }
    if password?.isSpelledOut == true { settings.append("password") }
    for header in headers where header.value.isSpelledOut && Self.isSecret(header.name) {
      settings.append("headers.\(header.name)")
    }
    if url.credentials != nil { settings.append("url") }
    return settings
  }

  private static func isSecret(_ header: String) -> Bool {
    let name = header.lowercased()
    return SecretFields.isSecret(name) || name.contains("auth") || name.contains("cookie")
      || name.contains("key")
  }
}

/// What is wrong with an entry of the file of named instances.
package struct NamedInstanceFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// One line, the instance's name in it.
  package let description: String

  init(_ name: String, _ reason: String) { description = "instance '\(name)' \(reason)" }
}
