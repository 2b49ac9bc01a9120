extension Duration {
  /// The seconds as people write them, to the millisecond: `30`, `0.3`.
  package var seconds: String {
    let thousandths = components.attoseconds / 1_000_000_000_000_000
    guard thousandths > 0 else { return "\(components.seconds)" }
    var digits = String(thousandths + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(components.seconds).\(digits)"
  }
}
