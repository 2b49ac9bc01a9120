/// A route of DevLake's API as a person writes it: `/plugins/github/connections?page=2`.
///
/// It can only lead to the DevLake that is administered: there is no scheme, no host and no `..` in
/// it. What a URL must not hold is percent-encoded.
public struct Route: Sendable, Equatable {
  /// The path, percent-encoded, with its leading slash.
  public let path: String
  /// The query without `?`; `nil`: none was written.
  public let query: String?

  /// Why a text is not a route; one line for a person.
  public struct Mistake: Error, Sendable, Equatable {
    /// What is wrong.
    public let reason: String
    /// What to write instead.
    public let help: String
  }

  /// Reads a route.
  public init(_ text: String) throws(Mistake) {
    if text.contains("://"), !text.hasPrefix("/") {
      throw Mistake(
        reason: "a route is not a URL",
        help: "write the path alone, as in /version"
      )
    }
    guard text.hasPrefix("/") else {
      throw Mistake(reason: "a route begins with '/'", help: "write it like /plugins")
    }
    if text.hasPrefix("//") {
      throw Mistake(reason: "a route begins with one '/'", help: "write it like /plugins")
    }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw Mistake(
        reason: "a route cannot contain control characters",
        help: "write it like /plugins"
      )
    }
    if text.contains("#") {
      throw Mistake(reason: "'#' and the text after it are never sent", help: "write '#' as %23")
    }
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = try Self.encoded(parts[0])
    query = parts.count > 1 ? try Self.encoded(parts[1]) : nil
    let climbs = path.split(separator: "/").contains { segment in
      let plain = segment.lowercased().replacing("%2e", with: ".")
      return plain == ".." || plain == "."
    }
    if climbs {
      throw Mistake(reason: "a route cannot contain '.' or '..'", help: "write the whole path")
    }
  }

  /// The path with the query, the values of members that name a secret as `***`.
  public var shown: String { Self.shown(path, query) }

  static func shown(_ path: String, _ query: String?) -> String {
    guard let query else { return path }
    let pairs = query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
      let name = pair.prefix { $0 != "=" }
      return name.count < pair.count && SecretFields.isSecret(String(name)) ? name + "=***" : pair
    }
    return path + "?" + pairs.joined(separator: "&")
  }

  /// The plugin and the connection it is about, as far as it names them.
  public var subject: (plugin: String?, id: Int?) {
    let parts = path.split(separator: "/")
    guard parts.count > 1, parts[0] == "plugins" else { return (nil, nil) }
    let id = parts.count > 3 && parts[2] == "connections" ? ConnectionKey.id(parts[3]) : nil
    return (String(parts[1]), id)
  }

  /// Whether it tests a connection, saved or not: `/plugins/X/test`, `/plugins/X/connections/N/test`.
  public var isTest: Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      .map(String.init)
    guard parts.first == "plugins", parts.last == "test" else { return false }
    return parts.count == 3 || (parts.count == 5 && parts[2] == "connections")
  }

  /// Whether DevLake migrates its database there, by a GET.
  public var isMigration: Bool {
    // DevLake decodes a path before it looks for the route.
    path.split(separator: "/").last?.pathDecoded.lowercased() == "proceed-db-migration"
  }

  /// Whether DevLake asks the service behind a connection there, whose status it passes on.
  var asksService: Bool {
    let parts = path.split(separator: "/")
    return parts.first == "plugins"
      && parts.dropFirst(2).contains {
        ["test", "proxy", "remote-scopes", "search-remote-scopes", "echo"].contains($0)
      }
  }

  /// Every byte a URL may hold as it is, and `%` only before two digits.
  private static func encoded(_ text: Substring) throws(Mistake) -> String {
    let bytes = Array(text.utf8)
    var result = ""
    for (index, byte) in bytes.enumerated() {
      let scalar = Unicode.Scalar(byte)
      if byte == UInt8(ascii: "%") {
        let digits = bytes[(index + 1)...].prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else {
          throw Mistake(
            reason: "'%' must be followed by two hexadecimal digits",
            help: "write '%' as %25"
          )
        }
        result.unicodeScalars.append(scalar)
      } else if Self.allowed.contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  /// The characters of RFC 3986 that a path or query holds, letters and digits among them.
  private static let allowed = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?".utf8
  )
}
