/// How an address is read: every rule about what may be where.
extension ServerURL {
  /// What is wrong with a text, without the text.
  struct Fault: Error {
    enum Part: Sendable {
      case scheme, blanks, backslash, credentials, at, noHost, host, nonASCII, port, query, fragment
      case path
    }

    let part: Part
    let reason: String

    init(_ part: Part, _ reason: String) { (self.part, self.reason) = (part, reason) }
  }

  /// A URL cut into its three pieces; nothing is checked.
  struct Parts {
    let scheme: Substring
    /// Between `://` and the first `/`, `?` or `#`.
    let authority: Substring
    let rest: Substring

    init?(_ text: Substring) {
      guard let mark = text.firstRange(of: "://") else { return nil }
      scheme = text[..<mark.lowerBound]
      authority = text[mark.upperBound...].prefix { !"/?#".contains($0) }
      rest = text[authority.endIndex...]
    }

    /// The authority without the user name and password.
    var hostAndPort: Substring {
      authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    }
  }

  static func read(_ text: String, _ schemes: Set<Scheme>) throws(Fault) -> ServerURL {
    try checkCharacters(text)
    let names = ["https", "http", "socks5"].filter { name in
      schemes.contains { $0.rawValue == name }
    }
    guard let parts = Parts(text[...]), let scheme = Scheme(rawValue: parts.scheme.lowercased()),
      schemes.contains(scheme)
    else {
      let beginnings = names.map { $0 + "://" }.joined(separator: " or ")
      throw Fault(.scheme, "it does not start with \(beginnings)")
    }
    if parts.rest.contains("@") {
      throw Fault(
        .at,
        "'@' after the host; '/', '?' and '#' in a password are written %2F, %3F and %23"
      )
    }
    let (host, port) = try hostAndPort(parts.hostAndPort)
    let path = parts.rest.prefix { $0 != "?" && $0 != "#" }
    if path.endIndex < parts.rest.endIndex {
      let isQuery = parts.rest[path.endIndex] == "?"
      throw Fault(
        isQuery ? .query : .fragment,
        "'\(isQuery ? "?" : "#")' and the text after it are not allowed"
      )
    }
    return ServerURL(
      scheme: scheme,
      host: host,
      port: port,
      path: try self.path(path),
      credentials: try credentials(parts.authority)
    )
  }

  private static func checkCharacters(_ text: String) throws(Fault) {
    if text.isEmpty { throw Fault(.scheme, "it is empty") }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": throw Fault(.backslash, "it contains a backslash")
      case " ": throw Fault(.blanks, "it contains a space")
      case _
      where scalar.properties.isWhitespace || scalar.value < 0x20
        || (0x7F..<0xA0).contains(scalar.value) || scalar.misleads:
        throw Fault(.blanks, "it contains a control character or a space")
      default: break
      }
    }
  }

  private static func hostAndPort(_ text: Substring) throws(Fault) -> (host: String, port: Int?) {
    var name = text
    var rest = text[text.endIndex...]
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else {
        throw Fault(.host, "the bracket of its IPv6 address is not closed")
      }
      name = text[...end]
      rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.first == ":" else {
        throw Fault(.host, "only a port can follow the bracket of its IPv6 address")
      }
    } else if let colon = text.firstIndex(of: ":") {
      (name, rest) = (text[..<colon], text[colon...])
      guard !rest.dropFirst().contains(":") else {
        throw Fault(.host, "an IPv6 address needs brackets, as in http://[::1]:8080")
      }
    }
    // The port first: it tells a password that was written without its '@'.
    let port = rest.isEmpty ? nil : try self.port(rest.dropFirst())
    return (name.hasPrefix("[") ? try address(name.dropFirst().dropLast()) : try host(name), port)
  }

  private static func port(_ text: Substring) throws(Fault) -> Int {
    guard !text.isEmpty else { throw Fault(.port, "no port follows ':'") }
    guard text.utf8.allSatisfy(\.isDigit) else {
      throw Fault(.port, "the port is not a number")
    }
    // Five digits hold every port, and more would have to be cut to be shown.
    guard text.utf8.count <= 5, let port = Int(text), (1...65535).contains(port) else {
      let shown = text.utf8.count <= 10 ? "\(text)" : "a number of \(text.utf8.count) digits"
      throw Fault(.port, "the port is \(shown); ports are 1 to 65535")
    }
    return port
  }

  /// A name or an IPv4 address.
  ///
  /// What the resolver reads as a number in its own way (`127.1`, `0x7f000001`, `2130706433`) names a
  /// host that nobody would read there.
  private static func host(_ text: Substring) throws(Fault) -> String {
    guard !text.isEmpty else { throw Fault(.noHost, "it has no host") }
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw Fault(
        .nonASCII,
        "the host is not ASCII; write it in its ASCII form, which starts with xn--"
      )
    }
    if text.contains("%") { throw Fault(.host, "'%' in the host; write the host unencoded") }
    guard text.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "-._".utf8.contains($0) }) else {
      throw Fault(.host, "the host may contain only letters, digits, '-', '_' and '.'")
    }
    var name = text.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy({ !$0.isEmpty }) else {
      throw Fault(.host, "a part of the host is empty")
    }
    guard name.utf8.count <= 253, labels.allSatisfy({ $0.utf8.count <= 63 }) else {
      throw Fault(.host, "the host name is too long")
    }
    guard labels.allSatisfy({ !$0.hasPrefix("-") }) else {
      throw Fault(.host, "a part of the host starts with '-'")
    }
    if let last = labels.last, last.utf8.allSatisfy(\.isDigit) || isHexadecimal(last) {
      guard labels.count == 4, let address = IPAddress(name[...]), address.bytes.count == 4 else {
        throw Fault(.host, "an IPv4 address is four numbers from 0 to 255, as in 127.0.0.1")
      }
      return address.text
    }
    return name
  }

  private static func isHexadecimal(_ label: Substring) -> Bool {
    label.hasPrefix("0x") && label.dropFirst(2).allSatisfy(\.isHexDigit)
  }

  /// An IPv6 address, with or without a zone behind `%` or `%25`.
  private static func address(_ text: Substring) throws(Fault) -> String {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]), address.bytes.count == 16 else {
      throw Fault(.host, "no IPv6 address in the brackets")
    }
    guard parts.count == 2 else { return address.text }
    let zone = parts[1].hasPrefix("25") ? parts[1].dropFirst(2) : parts[1]
    guard !zone.isEmpty, zone.utf8.count <= 15,
      zone.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "-._".utf8.contains($0) })
    else { throw Fault(.host, "the zone of its IPv6 address is not an interface name") }
    return "\(address.text)%\(zone)"
  }

  private static func credentials(_ authority: Substring) throws(Fault) -> Credentials? {
    guard let at = authority.lastIndex(of: "@") else { return nil }
    let text = authority[..<at]
    guard !text.contains("@") else {
      throw Fault(.credentials, "write '@' in a user name or password as %40")
    }
    guard !text.isEmpty else { throw Fault(.credentials, "no user name before '@'") }
    // Marks that are put upon a '/' or '@' would hide where the host begins.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw Fault(.credentials, "percent-encode a user name or password that is not ASCII")
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let user = decoded(parts[0]), let password = decoded(parts.last ?? "") else {
      throw Fault(
        .credentials,
        "write '%' in a user name or password as %25; control characters are not allowed"
      )
    }
    return Credentials(user: user, password: Secret(parts.count > 1 ? password : ""))
  }

  /// Percent-decoded; `nil`: `%` without two hexadecimal digits, or what no header field can hold.
  private static func decoded(_ text: Substring) -> String? {
    guard let bytes = decodedBytes(text, keeping: { _ in false }),
      let plain = String(validating: bytes, as: UTF8.self),
      plain.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
    else { return nil }
    return plain
  }

  /// The path as it is sent: percent-encoded as little as can be, without a final slash.
  private static func path(_ text: Substring) throws(Fault) -> String {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw Fault(.nonASCII, "the path is not ASCII; write it percent-encoded")
    }
    guard text.utf8.allSatisfy({ pathBytes.contains($0) || $0 == UInt8(ascii: "%") }) else {
      throw Fault(.path, "the path contains a character that must be percent-encoded")
    }
    guard let bytes = decodedBytes(text, keeping: { !$0.isUnreserved }) else {
      throw Fault(
        .path,
        "'%' in the path must be followed by two hexadecimal digits, or written %25"
      )
    }
    var path = String(decoding: bytes, as: UTF8.self)[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for segment in segments {
      if segment.isEmpty { throw Fault(.path, "the path contains two adjacent slashes") }
      if segment == "." || segment == ".." {
        throw Fault(.path, "'\(segment)' in the path; write the resolved path")
      }
      let hidden = ["%2F", "%5C", "%7F"].contains(where: segment.contains)
      // The controls are %00 to %1F.
      if hidden || segment.contains("%0") || segment.contains("%1") {
        throw Fault(.path, "a slash, a backslash or a control character is encoded in the path")
      }
    }
    return String(path)
  }

  /// The bytes with `%41` taken back, but for those that are kept, in capitals; `nil`: `%` stands
  /// before something else.
  private static func decodedBytes(
    _ text: Substring,
    keeping isKept: (UInt8) -> Bool
  ) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, digits.utf8.allSatisfy(\.isHexDigit),
        let value = UInt8(digits, radix: 16)
      else { return nil }
      rest = rest.dropFirst(2)
      bytes += isKept(value) ? [byte] + Array(digits.uppercased().utf8) : [value]
    }
    return bytes
  }

  /// What RFC 3986 lets be in a path, `@` and `%` apart.
  private static let pathBytes = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:/".utf8
  )
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) && self >= 0x41
  }

  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isHexDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) && self >= 0x41
  }

  /// What is the same with and without percent-encoding.
  fileprivate var isUnreserved: Bool { isLetter || isDigit || "-._~".utf8.contains(self) }
}
