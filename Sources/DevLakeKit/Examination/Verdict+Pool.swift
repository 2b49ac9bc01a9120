extension Verdict {
  /// The tokens that were tested; `nil` where there was one, or DevLake shows too little.
  public var pool: TokenPool? {
    let masks = tokens.compactMap(\.mask)
    return masks.isEmpty || masks.count < tokens.count ? nil : TokenPool(masks: masks)
  }
}
