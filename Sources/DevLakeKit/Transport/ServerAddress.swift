import Glibc

/// The parts of a URL that say which server is asked, and as whom.
struct ServerAddress {
  /// In small letters.
  let scheme: String
  /// Without the brackets of an IPv6 address.
  let host: String
  /// As written; `nil`: the scheme's own.
  let port: Int?
  let credentials: (user: String, password: Secret)?

  /// Reads `scheme://[user[:password]@]host[:port][/…]`; `nil` for anything else.
  init?(_ url: String) {
    guard let mark = url.ranges(of: "://").first else { return nil }
    scheme = url[..<mark.lowerBound].lowercased()
    var authority = url[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") {
      credentials = Self.credentials(authority[..<at])
      authority = authority[authority.index(after: at)...]
    } else {
      credentials = nil
    }
    var number: Substring?
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = String(authority[authority.index(after: authority.startIndex)..<end])
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      number = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = authority.firstIndex(of: ":") {
      host = String(authority[..<colon])
      number = authority[authority.index(after: colon)...]
    } else {
      host = String(authority)
    }
    guard !host.isEmpty, !scheme.isEmpty else { return nil }
    guard let number, !number.isEmpty else {
      port = nil
      return
    }
    guard let value = Int(number), (1...65535).contains(value) else { return nil }
    port = value
  }

  /// Whether it is this machine.
  var isLoopback: Bool {
    let name = host.lowercased()
    if name == "localhost" || name.hasSuffix(".localhost") { return true }
    guard let address = IPAddress(name[...]) else { return false }
    return IPNetwork("127.0.0.0/8")?.contains(address) == true || address == IPAddress("::1")
  }

  /// `user:password`, percent-decoded.
  private static func credentials(_ text: Substring) -> (user: String, password: Secret) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let password = parts.count > 1 ? parts[1].percentDecoded : ""
    return (parts[0].percentDecoded, Secret(password))
  }
}

/// An IPv4 or IPv6 address.
struct IPAddress: Equatable {
  let bytes: [UInt8]

  init?(_ text: Substring) {
    for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: length)
      if inet_pton(family, String(text), &bytes) == 1 {
        self.bytes = bytes
        return
      }
    }
    return nil
  }
}

/// Addresses that begin with the same bits: `10.0.0.0/8`; without `/` one address.
struct IPNetwork {
  private let address: IPAddress
  private let bits: Int

  init?(_ text: Substring) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    let most = address.bytes.count * 8
    guard parts.count == 2 else {
      (self.address, bits) = (address, most)
      return
    }
    guard let bits = Int(parts[1]), (0...most).contains(bits) else { return nil }
    (self.address, self.bits) = (address, bits)
  }

  func contains(_ other: IPAddress) -> Bool {
    guard other.bytes.count == address.bytes.count else { return false }
    return (0..<bits).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      return address.bytes[bit / 8] & mask == other.bytes[bit / 8] & mask
    }
  }
}

extension Substring {
  /// The text with its `%41` taken back.
  var percentDecoded: String {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
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

/// The user and the password a URL may hold.
public enum URLCredentials {
  /// `http://user:password@host` → the pair, percent-decoded; `nil` when there is none.
  public static func read(_ url: String) -> (user: String, password: Secret)? {
    ServerAddress(url)?.credentials
  }
}
