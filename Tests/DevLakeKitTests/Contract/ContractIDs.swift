/// Which id of the replay stands for which of the recording.
///
/// Failed inserts use up ids and the recordings did not always start at 1, so an id of the
/// recording is bound to the simulator's when both are first seen, and must stay so.
struct ContractIDs {
  private var bound: [String: [Int: Int]] = [:]
  private var keys: [String: String] = [:]

  /// Binds two ids of a kind, unless one is bound already.
  ///
  /// - Returns: Whether the two belong together.
  mutating func bind(_ kind: String, _ recorded: Int, to simulated: Int) -> Bool {
    if let known = bound[kind]?[recorded] { return known == simulated }
    guard !(bound[kind] ?? [:]).values.contains(simulated) else { return false }
    bound[kind, default: [:]][recorded] = simulated
    return true
  }

  /// Remembers which API key the simulator issued for a recorded one.
  mutating func bindKey(_ recorded: String, to simulated: String) { keys[recorded] = simulated }

  /// The simulator's id for a recorded one; the same number when it is not known.
  func id(_ kind: String, _ recorded: Int) -> Int { bound[kind]?[recorded] ?? recorded }

  /// A recorded path with the simulator's ids.
  func path(_ path: String) -> String {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    func translate(_ index: Int, _ kind: String) {
      guard index < parts.count else { return }
      let end = parts[index].firstIndex(of: "?") ?? parts[index].endIndex
      guard let number = Int(parts[index][..<end]) else { return }
      parts[index] = "\(id(kind, number))\(parts[index][end...])"
    }
    guard parts.count > 2 else { return path }
    if parts[1] == "plugins", parts.count > 4, parts[3] == "connections" {
      translate(4, parts[2])
    } else {
      translate(2, parts[1])
    }
    return parts.joined(separator: "/")
  }

  /// A header's value with the simulator's API key in it.
  func header(_ value: String) -> String {
    keys.reduce(value) { $0.replacing($1.key, with: $1.value) }
  }
}
