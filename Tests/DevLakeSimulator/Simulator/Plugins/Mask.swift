/// How DevLake hides a secret in its answers.
enum Mask: Sendable {
  /// Nothing is hidden (github's refresh token).
  case none
  /// The secret is answered as an empty text.
  case empty
  /// The first and last characters stay.
  case generic
  /// Tokens joined by commas, each with its prefix and eight characters at either end.
  case githubTokens
  /// The first and last fifty bytes stay.
  case githubKey
  /// The password inside a database URL is hidden.
  case databaseURL

  /// The mask of a secret; `nil` where DevLake's code panics, because the secret is too short.
  func apply(to secret: String) -> String? {
    switch self {
    case .none: secret
    case .empty: ""
    case .generic: Self.sanitized(secret)
    case .githubTokens: Self.tokens(secret)
    case .githubKey: Self.key(secret)
    case .databaseURL: Self.databaseURL(secret)
    }
  }

  /// A GitHub token as a PATCH compares it; `nil` when its mask panics.
  static func token(_ token: String) -> String? {
    let length = token.utf8.count
    if ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].contains(where: token.hasPrefix) {
      return length < 32 ? nil : hiding(12..<32, of: token)
    }
    if token.hasPrefix("github_pat_") {
      return length < 85 ? nil : hiding(19..<85, of: token)
    }
    return sanitized(token)
  }

  private static func tokens(_ tokens: String) -> String? {
    var masks: [String] = []
    for part in tokens.split(separator: ",", omittingEmptySubsequences: false) {
      guard let mask = token(String(part)) else { return nil }
      masks.append(mask)
    }
    return masks.joined(separator: ",")
  }

  private static func key(_ key: String) -> String? {
    let length = key.utf8.count
    if length == 0 { return "" }
    return length < 100 ? nil : hiding(50..<length - 50, of: key)
  }

  /// DevLake's `utils.SanitizeString`.
  private static func sanitized(_ text: String) -> String {
    let length = text.utf8.count
    switch length {
    case 0...2: return String(repeating: "*", count: length)
    case 3...5: return hidingEvery(1..<length - 1, of: text)
    default: return hidingEvery(2..<length - 2, of: text)
    }
  }

  /// Replaces the bytes wherever they occur, one occurrence behind the other: three blanks are three
  /// stars (measured).
  private static func hidingEvery(_ range: Range<Int>, of text: String) -> String {
    var bytes = Array(text.utf8)
    let middle = Array(bytes[range])
    var start = 0
    while start + middle.count <= bytes.count {
      guard Array(bytes[start..<start + middle.count]) == middle else {
        start += 1
        continue
      }
      for index in start..<start + middle.count { bytes[index] = UInt8(ascii: "*") }
      start += middle.count
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Replaces bytes by stars as DevLake does: where they occur *first*, which for repeating
  /// secrets is not where they were taken from.
  private static func hiding(_ range: Range<Int>, of text: String) -> String {
    var bytes = Array(text.utf8)
    let middle = Array(bytes[range])
    var start = 0
    while Array(bytes[start..<start + middle.count]) != middle { start += 1 }
    for index in start..<start + middle.count { bytes[index] = UInt8(ascii: "*") }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func databaseURL(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@") else { return url }
    let start = url.range(of: "://")?.upperBound ?? url.startIndex
    guard start < at, let colon = url[start..<at].firstIndex(of: ":") else { return url }
    let from = url.index(after: colon)
    let stars = String(repeating: "*", count: url[from..<at].utf8.count)
    return url.replacingCharacters(in: from..<at, with: stars)
  }
}

extension String {
  /// Where `text` begins and ends for the first time.
  fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }

  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
