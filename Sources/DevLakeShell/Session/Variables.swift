import DevLakeKit

/// The variables of scripts and the prompt, each with where its text came from.
struct Variables {
  private(set) var values: [String: Value] = [:]
  private var foreign: Set<String> = []

  subscript(name: String) -> Value? { values[name] }

  /// In the order of their names.
  var names: [String] { values.keys.sorted() }

  /// Gives a variable its value.
  ///
  /// - Parameter isForeign: Whether its text came from DevLake, a file, standard input or a child: such
  ///   text selects one connection at most.
  mutating func set(_ name: String, _ value: Value, isForeign: Bool = false) {
    values[name] = value
    if isForeign { foreign.insert(name) } else { foreign.remove(name) }
  }

  /// Forgets a variable; whether there was one.
  mutating func remove(_ name: String) -> Bool {
    foreign.remove(name)
    return values.removeValue(forKey: name) != nil
  }

  func isForeign(_ name: String) -> Bool { foreign.contains(name) }
}
