extension Connection {
  /// Whether DevLake has this secret already, as far as its mask tells; `nil`: the mask shows too
  /// little.
  ///
  /// Only GitHub's masks show enough: 16 of a token's characters and 100 of a private key's. Of
  /// several tokens all must be stored, in whatever order.
  public func holds(_ secret: Secret, in field: PluginField) -> Bool? {
    guard let mask = stored[field.name]?.string, !mask.isEmpty else { return nil }
    return secret.reveal { value in
      switch field.mask {
      case .githubToken:
        let masks = value.split(separator: ",").map { GitHubMask.token(String($0)) }
        guard masks.allSatisfy({ $0 != nil }) else { return nil }
        return Set(masks.compactMap(\.self)) == Set(mask.split(separator: ",").map(String.init))
      case .githubPEM: return GitHubMask.key(value).map { $0 == mask }
      default: return nil
      }
    }
  }
}

/// GitHub's secrets as DevLake shows them (measured).
private enum GitHubMask {
  /// A token; `nil` for one of a form whose mask shows four characters only.
  static func token(_ token: String) -> String? {
    let characters = Array(token)
    let (clear, stars): (Int, Int)
    if token.hasPrefix("github_pat_") {
      (clear, stars) = (11 + 8, 66)
    } else if ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].contains(where: token.hasPrefix) {
      (clear, stars) = (4 + 8, 20)
    } else {
      return nil
    }
    // Tokens of one owner begin alike; only those with an end to show can be told apart.
    guard characters.count >= clear + stars + 6 else { return nil }
    return String(characters[..<clear]) + String(repeating: "*", count: stars)
      + String(characters[(clear + stars)...])
  }

  /// A private key: its first and last 50 characters are shown.
  static func key(_ key: String) -> String? {
    let bytes = Array(key.utf8)
    guard bytes.count > 100 else { return nil }
    let stars = [UInt8](repeating: UInt8(ascii: "*"), count: bytes.count - 100)
    return String(decoding: bytes.prefix(50) + stars + bytes.suffix(50), as: UTF8.self)
  }
}
