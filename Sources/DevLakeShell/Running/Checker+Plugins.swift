import DevLakeKit
import ShellLanguage

/// Words near a plugin of the catalog, which only the server can tell from mistakes.
extension Session {
  /// Whether a check has to be done again because the server has more plugins than were known.
  ///
  /// Nobody is asked where there are other mistakes: nothing runs then. A script that turns to another
  /// DevLake on its way is not a question for this one.
  func learnsPlugins(for checker: Checker) async -> Bool {
    guard inventory.serverPlugins == nil, !checker.namesInstance,
      checker.mistakes.areAllUnknownPlugins
    else { return false }
    return await pluginsOfNamedServer() != nil
  }
}

extension [Diagnostic] {
  /// Whether there are errors, and the server alone can tell whether they are any.
  var areAllUnknownPlugins: Bool {
    let errors = filter { $0.severity == .error }
    return !errors.isEmpty && errors.allSatisfy { $0.unknownPlugin != nil }
  }
}

extension Checker {
  /// Leaves to the run what only the server can tell; where nothing runs, it is a warning.
  mutating func settlePlugins() {
    guard namesInstance || serverPlugins.isEmpty, mistakes.areAllUnknownPlugins else { return }
    for var mistake in mistakes where checksOnly {
      mistake.severity = .warning
      mistake.message = "the catalog has \(mistake.message)"
      warnings.append(mistake)
    }
    mistakes = []
  }
}
