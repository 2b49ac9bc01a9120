/// What a caller shows to be let in by DevLake or by what guards it.
public struct Access: Sendable {
  /// An API key of DevLake; requests then go through `/rest`, its door for keys.
  public var apiKey: Secret?
  /// User name and password of HTTP Basic, as config-ui's nginx wants them.
  public var basic: (user: String, password: Secret)?
  /// Further header fields.
  public var extra: [(name: String, value: Secret)] = []

  /// What the program calls itself in the header `User-Agent`.
  public var userAgent = "DevLakeKit"

  /// Creates an access without credentials.
  public init() {}

  /// The name of a user who a proxy in front of DevLake vouches for, by `X-Forwarded-User` and
  /// `X-Forwarded-User-Secret`.
  static let forwarded = "forwarded"

  /// How it is called: `none`, `api-key`, `basic`, `forwarded` or `header`.
  public var name: String {
    if apiKey != nil { return "api-key" }
    if basic != nil { return "basic" }
    if extra.contains(where: { $0.name.lowercased() == "x-forwarded-user" }) {
      return Self.forwarded
    }
    return extra.isEmpty ? "none" : "header"
  }

  /// The header fields every request carries.
  var headers: [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = [
      ("User-Agent", userAgent), ("Accept", "application/json"),
    ]
    if let apiKey {
      fields.append(("Authorization", apiKey.reveal { "Bearer \($0)" }))
    } else if let basic {
      let pair = basic.password.reveal { "\(basic.user):\($0)" }
      fields.append(("Authorization", "Basic " + Base64.encode(Array(pair.utf8))))
    }
    for (name, value) in extra { fields.append((name, value.reveal { $0 })) }
    return fields
  }

  /// What is between base URL and route: keys are looked at under `/rest` only, and `/version`,
  /// `/ping`, `/ready` and `/health` are asked without because keys are scoped.
  func prefix(for path: String) -> String {
    guard apiKey != nil, !path.hasPrefix("/rest/") else { return "" }
    return ["/version", "/ping", "/ready", "/health"].contains(path) ? "" : "/rest"
  }
}

/// Base64 of RFC 4648, for HTTP Basic.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for byte in group { bits = bits << 8 | UInt32(byte) }
      bits <<= 8 * UInt32(3 - group.count)
      for index in 0..<4 {
        let isPadding = index > group.count
        text.append(
          isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * UInt32(index)) & 63)]
        )
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
