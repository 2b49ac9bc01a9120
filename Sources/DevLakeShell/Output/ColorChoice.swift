/// What `--color` says, and whether colour is on then.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto
  case always
  case never

  /// Decides for one stream: the option, `NO_COLOR`, `CLICOLOR_FORCE`, the terminal, in this order.
  ///
  /// `NO_COLOR` counts when it is not empty (no-color.org), `CLICOLOR_FORCE` when it is not `0`.
  func isOn(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    if isSet("NO_COLOR") { return false }
    if isSet("CLICOLOR_FORCE"), environment["CLICOLOR_FORCE"] != "0" { return true }
    guard isTerminal, isSet("TERM"), environment["TERM"] != "dumb" else { return false }
    return environment["CLICOLOR"] != "0"
  }
}
