import Testing

@testable import DevLakeKit

/// Whether a mask tells that a secret is stored already; the masks are those of recorded answers.
struct ConnectionMaskTests {
  private func holds(_ secret: String, _ mask: String, _ field: String = "token") throws -> Bool? {
    let stored: JSONValue = .object(
      JSONObject([("id", 1), ("name", "c"), (field, .string(mask))])
    )
    let connection = try #require(Connection(stored, of: .github))
    return connection.holds(Secret(secret), in: try #require(PluginDescriptor.github.field(field)))
  }

  private static let classic = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
  private static let classicMask = "ghp_abcdefgh********************23456789"

  @Test(arguments: [
    (classic, classicMask, true), ("gho_" + classic.dropFirst(4), classicMask, false),
    (classic.dropLast() + "X", classicMask, false),
    ("\(classic),ghp_ZZZZZZZZijklmnopqrstuvwxyz0123456789", classicMask, false),
    (
      "ghp_ZZZZZZZZijklmnopqrstuvwxyz0123456789,\(classic)",
      "\(classicMask),ghp_ZZZZZZZZ********************23456789", true
    ),
  ])
  func `a token's mask tells`(_ secret: String, _ mask: String, _ isStored: Bool) throws {
    try #expect(holds(secret, mask) == isStored)
  }

  @Test(arguments: [
    ("0123456789abcdef0123456789abcdef01234567", "01************************************67"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123", "ghp_abcdefgh********************23"), ("x", ""),
  ])
  func `a mask that shows too little tells nothing`(_ secret: String, _ mask: String) throws {
    try #expect(holds(secret, mask) == nil)
  }

  @Test func `a private key's mask tells`() throws {
    let middle = String(repeating: "Q", count: 200)
    let (head, tail) = (
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS", "\n-----END RSA PRIVATE KEY-----\n"
    )
    let key = head + middle + "abcdefghijklmnopqrs" + tail
    let bytes = Array(key.utf8)
    let mask =
      String(decoding: bytes.prefix(50), as: UTF8.self)
      + String(repeating: "*", count: bytes.count - 100)
      + String(decoding: bytes.suffix(50), as: UTF8.self)
    try #expect(holds(key, mask, "secretKey") == true)
    try #expect(holds(key.replacing("abcd", with: "xbcd"), mask, "secretKey") == false)
  }
}
