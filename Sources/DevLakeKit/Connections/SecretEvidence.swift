/// What DevLake's mask tells of a secret: whether it is the one DevLake has.
package enum SecretEvidence: Sendable, Equatable {
  /// It is, as far as a mask that shows enough can tell.
  case same
  /// It is another one.
  case other
  /// The mask shows too little to tell.
  case unknown

  /// Compares a secret with what DevLake shows of the stored one.
  ///
  /// Every mask that is not the one this secret would have is of another one. Only GitHub's masks
  /// show enough of a secret to take it for the stored one: 16 characters of a token, 50 at either
  /// end of a key. A generic mask shows four (measured).
  init(_ secret: Secret, of field: PluginField, shown: String) {
    self = secret.reveal { value in
      switch field.mask {
      case .some(.none): value == shown ? .same : .other
      case .githubToken?: Self.tokens(value, shown)
      case .githubPEM?:
        [value, value + "\n"].contains { SecretMask.githubPEM($0) == shown } ? .same : .other
      case .databaseURL?:
        SecretMask.databaseURL(value) == shown ? .unknown : .other
      // A field the catalog lacks, which DevLake does not take for a secret.
      case .generic? where value == shown: .same
      // All stars: a mask of another make than the catalog knows.
      case .generic? where shown.contains { $0 != "*" }:
        SecretMask.generic(value) == shown ? .unknown : .other
      case .generic?, .empty?, nil: .unknown
      }
    }
  }

  /// The same of what DevLake shows otherwise than as a text: of headers their names, and each value
  /// masked.
  init(_ secret: Secret, of field: PluginField, shown: JSONValue?) {
    guard field.kind == .json else {
      self.init(secret, of: field, shown: shown?.string ?? "")
      return
    }
    self = secret.reveal { value in
      guard let wanted = try? JSONValue(parsing: Array(value.utf8)).array else { return .unknown }
      return Self.headers(wanted, shown?.array ?? [])
    }
  }

  private static func headers(_ wanted: [JSONValue], _ shown: [JSONValue]) -> SecretEvidence {
    let names = { (list: [JSONValue]) in list.map { $0["key"]?.string ?? "" }.sorted() }
    guard names(wanted) == names(shown) else { return .other }
    let isOther = wanted.contains { header in
      let value = header["value"]?.string ?? ""
      // A mask cuts characters of several bytes, and what JSON makes of the halves is not known.
      guard value.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
      let mask = JSONValue.string(SecretMask.generic(value))
      return !shown.contains { $0["key"] == header["key"] && $0["value"] == mask }
    }
    return isOther ? .other : .unknown
  }

  /// Of several tokens the order is not DevLake's to keep: its PATCH shuffles them (measured).
  private static func tokens(_ value: String, _ shown: String) -> SecretEvidence {
    let tokens = value.split(separator: ",").map(String.init)
    let masks = tokens.map(SecretMask.githubToken).sorted()
    guard masks == shown.split(separator: ",").map(String.init).sorted() else { return .other }
    return tokens.allSatisfy(SecretMask.showsEnough) ? .same : .unknown
  }
}

/// DevLake's masks, made the way DevLake makes them.
enum SecretMask {
  /// `utils.SanitizeString`: two characters at either end.
  static func generic(_ text: String) -> String {
    let length = text.utf8.count
    return switch length {
    case 0...2: String(repeating: "*", count: length)
    case 3...5: hidingEvery(1..<length - 1, of: text)
    default: hidingEvery(2..<length - 2, of: text)
    }
  }

  /// A generic mask hides the middle wherever it occurs, one occurrence behind the other (measured).
  private static func hidingEvery(_ range: Range<Int>, of text: String) -> String {
    var bytes = Array(text.utf8)
    let middle = Array(bytes[range])
    var start = 0
    while start + middle.count <= bytes.count {
      guard bytes[start...].starts(with: middle) else {
        start += 1
        continue
      }
      for index in start..<start + middle.count { bytes[index] = UInt8(ascii: "*") }
      start += middle.count
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One GitHub token; of those with a known beginning eight characters at either end are shown.
  static func githubToken(_ token: String) -> String {
    let length = token.utf8.count
    if isClassic(token), length >= 32 { return hiding(12..<32, of: token) }
    if token.hasPrefix("github_pat_"), length >= 85 { return hiding(19..<85, of: token) }
    return generic(token)
  }

  /// Whether a token's mask, or the token itself, is of the kind of which enough is shown.
  static func showsEnough(_ text: String) -> Bool {
    isClassic(text) || text.hasPrefix("github_pat_")
  }

  static func githubPEM(_ key: String) -> String {
    let length = key.utf8.count
    return length < 100 ? key : hiding(50..<length - 50, of: key)
  }

  /// The password inside a URL starred.
  static func databaseURL(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@") else { return url }
    let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    guard start < at, let colon = url[start..<at].firstIndex(of: ":") else { return url }
    let from = url.index(after: colon)
    let stars = String(repeating: "*", count: url[from..<at].utf8.count)
    return url[..<from] + stars + url[at...]
  }

  private static func isClassic(_ token: String) -> Bool {
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].contains(where: token.hasPrefix)
  }

  /// Stars in the place where the bytes occur *first*, which in a secret that repeats itself is not
  /// where they were taken from (measured).
  private static func hiding(_ range: Range<Int>, of text: String) -> String {
    var bytes = Array(text.utf8)
    let middle = Array(bytes[range])
    var start = 0
    while !bytes[start...].starts(with: middle) { start += 1 }
    for index in start..<start + middle.count { bytes[index] = UInt8(ascii: "*") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
