import DevLakeKit

/// The age from which a secret is to be rotated: `--older-than 90d`.
struct SecretAge {
  let days: Int
  let includesUnknown: Bool

  /// `nil` where the call names none.
  init?(_ call: Call) {
    guard let days = call.text("older-than").flatMap(ValueCheck.days) else { return nil }
    self.days = days
    includesUnknown = call.text("unknown") == "rotate"
  }

  /// What is to be done with a connection.
  enum Judgement {
    case due
    case young
    case unknown
  }

  /// Whether a secret is so old; an age nobody knows is neither.
  func judge(_ life: SecretLife, at now: Int) -> Judgement {
    switch life.isOlder(than: days, at: now) {
    case true?: .due
    case false?: .young
    case nil: includesUnknown ? .due : .unknown
    }
  }
}

extension Signature.Option {
  static let olderThan = Signature.Option(
    name: "older-than",
    kind: .age,
    placeholder: "90d",
    help: "only secrets that were set so long ago; unknown ages are named and left alone"
  )
  static let unknownAge = Signature.Option(
    name: "unknown",
    kind: .choice(["leave", "rotate"]),
    placeholder: "leave|rotate",
    help: "what --older-than does where the age is not known; leave by default"
  )
}
