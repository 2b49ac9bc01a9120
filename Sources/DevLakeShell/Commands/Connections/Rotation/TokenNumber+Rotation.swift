import DevLakeKit

extension TokenNumber {
  /// The numbers of a call, in the order they were given.
  static func all(in call: Call) throws(Failure) -> [TokenNumber] {
    var numbers: [TokenNumber] = []
    for given in call.all(option: "replace") {
      guard let number = read(given) else {
        throw .invalid("'--replace' takes N=REF with a token's number", at: given)
      }
      if numbers.contains(where: { $0.number == number.number }) {
        throw .usage("token \(number.number) is replaced twice", at: given)
      }
      numbers.append(number)
    }
    if let token = call.option("token"), numbers.contains(where: { $0.reference != nil }) {
      throw .usage(
        "'--token' cannot be combined with '--replace N=REF', which names the new token",
        at: token,
        help: "remove one of them"
      )
    }
    if numbers.count > 1, let bare = numbers.first(where: { $0.reference == nil }) {
      throw .usage(
        "each of several tokens needs its own secret",
        at: bare.given,
        help: "write --replace \(bare.number)=REF"
      )
    }
    return numbers
  }
}

extension Session {
  /// Refuses a number under which another token was shown than DevLake has now.
  func checkShown(
    _ number: TokenNumber,
    of key: ConnectionKey,
    _ now: TokenPool
  ) throws(Failure) {
    guard let shown = shownPool(of: key),
      !now.agrees(with: shown, on: number.number)
    else { return }
    throw .conflict(
      "token \(number.number) of \(key) is not the one that was last shown; nothing was changed",
      at: number.given,
      help: "'test \(key)' shows the tokens by their numbers"
    )
  }
}
