import LineEditing

/// The lines a person typed, as `history` shows them.
final class SessionHistory {
  private var store: HistoryStore

  init(store: HistoryStore) { self.store = store }

  /// Oldest first.
  var entries: [String] { store.entries }

  /// Reads what earlier sessions left.
  func load() -> [String] { store.load() }

  /// Keeps an entry, and returns what other sessions have added before it.
  func append(_ entry: String) -> [String] { store.append(entry) }

  /// What to tell the person about the file, once.
  func takeComplaint() -> String? { store.takeComplaint() }
}
