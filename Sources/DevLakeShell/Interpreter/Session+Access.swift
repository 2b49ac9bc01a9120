import DevLakeKit

extension Session {
  /// What is shown to the DevLake at `url`: credentials in the URL, `--user`, `--api-key`,
  /// `$DEVLAKE_API_KEY`, `--header`.
  func access(for url: String) async throws(Failure) -> Access {
    var access = Access()
    if let reference = options.apiKey ?? environmentKey {
      access.apiKey = try await secret(reference, flag: "--api-key")
    }
    if let user = options.user {
      guard let reference = options.password else {
        throw .unasked("--user needs a password", flags: ["--password REF"])
      }
      access.basic = (user, try await secret(reference, flag: "--password"))
    } else if let pair = Self.credentials(in: url) {
      access.basic = pair
    }
    for header in options.headers {
      let parts = header.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw .usage("'--header' takes 'Name: value'")
      }
      let value = parts[1].drop { $0 == " " }
      access.extra.append((String(parts[0]), Secret(String(value))))
    }
    return access
  }

  private var environmentKey: String? {
    guard let value = world.environment["DEVLAKE_API_KEY"], !value.isEmpty else { return nil }
    return "env:DEVLAKE_API_KEY"
  }

  private func secret(_ text: String, flag: String) async throws(Failure) -> Secret {
    try await secret(reference: text, subject: flag, flag: flag)
  }

  /// `http://user:password@host` → the pair, percent-decoded.
  private static func credentials(in url: String) -> (user: String, password: Secret)? {
    guard let start = url.ranges(of: "://").first?.upperBound else { return nil }
    let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
    guard let at = authority.lastIndex(of: "@") else { return nil }
    let pair = authority[..<at].split(
      separator: ":",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    let password = pair.count > 1 ? percentDecoded(pair[1]) : ""
    return (percentDecoded(pair[0]), Secret(password))
  }

  private static func percentDecoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
