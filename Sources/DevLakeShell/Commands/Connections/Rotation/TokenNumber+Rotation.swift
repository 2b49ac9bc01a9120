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

/// What is to become of a connection's tokens: some replaced, some added, some taken away.
struct TokenWishes {
  let replaced: [TokenNumber]
  let added: [ArgumentValue]
  let retired: [(number: Int, given: ArgumentValue)]

  init(_ call: Call) throws(Failure) {
    replaced = try TokenNumber.all(in: call)
    added = call.all(option: "add")
    retired = call.all(option: "retire").map { (Int($0.text) ?? 0, $0) }
    for (index, wish) in retired.enumerated() {
      if retired[..<index].contains(where: { $0.number == wish.number }) {
        throw .usage("token \(wish.number) is retired twice", at: wish.given)
      }
      if replaced.contains(where: { $0.number == wish.number }) {
        throw .usage("token \(wish.number) is replaced and retired", at: wish.given)
      }
    }
    if let token = call.option("token"), !added.isEmpty || !retired.isEmpty {
      throw .usage(
        "'--token' cannot be combined with '\(added.isEmpty ? "--retire" : "--add")': it sets all tokens",
        at: token,
        help: "remove one of them"
      )
    }
  }

  var isEmpty: Bool { replaced.isEmpty && added.isEmpty && retired.isEmpty }

  /// The numbers that must be there, with their places.
  var numbers: [(number: Int, given: ArgumentValue)] {
    replaced.map { ($0.number, $0.given) } + retired
  }

  /// The place of a number; of an added token where it was given.
  func place(of number: Int) -> ArgumentValue? {
    number == TokenReplacement.added
      ? added.first : numbers.first { $0.number == number }?.given
  }

  /// The first option of these.
  var first: ArgumentValue? { replaced.first?.given ?? added.first ?? retired.first?.given }
}

extension Session {
  /// Refuses a number under which another token was shown than DevLake has now.
  func checkShown(
    _ number: Int,
    at given: ArgumentValue,
    of key: ConnectionKey,
    _ now: TokenPool
  ) throws(Failure) {
    guard let shown = shownPool(of: key),
      !now.agrees(with: shown, on: number)
    else { return }
    throw .conflict(
      "token \(number) of \(key) is not the one that was last shown; nothing was changed",
      at: given,
      help: "'test \(key)' shows the tokens by their numbers"
    )
  }
}
