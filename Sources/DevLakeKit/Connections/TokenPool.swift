/// The tokens of one GitHub connection, numbered from 1 by the order of their masks.
///
/// DevLake's own order is not a number: it keeps the tokens in a map while it changes a connection, so
/// that every PATCH shuffles them (measured). Masks stay, and so does the order of their bytes.
public struct TokenPool: Sendable, Equatable {
  /// In the order of their numbers.
  let masks: [String]

  init(masks: [String]) {
    self.masks = masks.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// How many there are.
  public var count: Int { masks.count }

  /// Whether two show the same mask, so that no number says which of them is meant.
  public var hasTwins: Bool { Set(masks).count < masks.count }

  /// Whether the token of that number is the one `other` has under it.
  public func agrees(with other: TokenPool, on number: Int) -> Bool {
    let index = number - 1
    return masks.indices.contains(index) && other.masks.indices.contains(index)
      && masks[index] == other.masks[index]
  }
}

extension Connection {
  /// The tokens in a field as they are numbered; `nil` for a field that holds no GitHub tokens.
  public func tokenPool(in field: PluginField) -> TokenPool? {
    guard field.mask == .githubToken, let text = stored[field.name]?.string, !text.isEmpty else {
      return nil
    }
    return TokenPool(masks: text.split(separator: ",").map(String.init))
  }
}

/// New tokens in the place of some of a pool's, beside them, or some taken away.
public struct TokenReplacement: Sendable {
  /// The new tokens alone, joined by commas, in the order they were given: what is tested.
  public let candidates: Secret
  /// The new tokens and the masks of those that are kept: what is sent.
  ///
  /// DevLake takes a mask for the stored token (measured).
  public let saved: Secret

  private let before: TokenPool
  private let replaced: Set<Int>
  private let newMasks: [String]

  /// Why tokens cannot be replaced.
  @nonexhaustive
  public enum Mistake: Error, Sendable, Equatable {
    /// There is no token of that number.
    case missing(number: Int)
    /// Two tokens of the pool show the same mask.
    case ambiguous
    /// The new token for `number` shows the mask of one that is kept, and DevLake would take it for
    /// that one.
    case alike(number: Int, kept: Int)
    /// Two of the new ones are the same.
    case repeated(number: Int)
    /// No token would be left.
    case empty
  }

  /// The number of a token that takes nobody's place.
  public static let added = 0

  /// Puts `tokens` in the place of those of their numbers; those of the number ``added`` stand beside
  /// the others.
  ///
  /// - Parameters:
  ///   - tokens: The new tokens, each with the number of the one it replaces.
  ///   - retired: The numbers of those that are taken away.
  ///   - pool: What DevLake has now.
  public init(
    _ tokens: [(number: Int, secret: Secret)],
    retiring retired: Set<Int> = [],
    in pool: TokenPool
  ) throws(Mistake) {
    for number in tokens.map(\.number) + retired.sorted()
    where number != Self.added && !pool.masks.indices.contains(number - 1) {
      throw .missing(number: number)
    }
    if pool.hasTwins { throw .ambiguous }
    guard !tokens.isEmpty || retired.count < pool.count else { throw .empty }
    before = pool
    let replaced = Set(tokens.map(\.number)).subtracting([Self.added]).union(retired)
    self.replaced = replaced
    let kept = pool.masks.indices.filter { !replaced.contains($0 + 1) }
    let values = tokens.map { token in token.secret.reveal { $0 } }
    let masks = values.map(SecretMask.githubToken)
    newMasks = masks
    for (index, token) in tokens.enumerated() {
      if values[..<index].contains(values[index]) { throw .repeated(number: token.number) }
      if let twin = kept.first(where: { pool.masks[$0] == masks[index] }) {
        throw .alike(number: token.number, kept: twin + 1)
      }
    }
    candidates = Secret(values.joined(separator: ","))
    saved = Secret((kept.map { pool.masks[$0] } + values).joined(separator: ","))
  }

  /// Whether tokens are only taken away, so that there is nothing new to test.
  public var onlyRetires: Bool { newMasks.isEmpty }

  /// What each token is when all is done as planned.
  public var plannedFates: [Fate] {
    let kept = before.masks.indices.filter { !replaced.contains($0 + 1) }.map { before.masks[$0] }
    return fates(in: TokenPool(masks: kept + newMasks))
  }

  /// What became of a token of the pool DevLake has afterwards.
  public enum Fate: Sendable, Equatable {
    /// It is one that was kept.
    case kept(was: Int)
    /// It is a new one.
    case new
    /// It is neither.
    case unexpected
  }

  /// What each token DevLake has now is, by its number.
  public func fates(in now: TokenPool) -> [Fate] {
    now.masks.map { mask in
      if newMasks.contains(mask) { return .new }
      guard let index = before.masks.firstIndex(of: mask), !replaced.contains(index + 1) else {
        return .unexpected
      }
      return .kept(was: index + 1)
    }
  }

  /// Whether DevLake has the new tokens and those that were to be kept, and no others.
  public func isDone(in now: TokenPool) -> Bool {
    let kept = before.masks.indices.filter { !replaced.contains($0 + 1) }.map { before.masks[$0] }
    return TokenPool(masks: kept + newMasks) == now
  }
}
