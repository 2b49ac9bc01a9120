import DevLakeKit

extension Session {
  /// What the connections that were seen have in a field, for Tab in a question about that field.
  ///
  /// - Parameters:
  ///   - plugin: Whose connections count; `nil`: everybody's.
  ///   - others: What else may be meant; it comes first.
  func valuesInUse(
    _ field: String,
    of plugin: PluginDescriptor? = nil,
    or others: [String] = []
  ) -> AnswerCompletion {
    let connections = plugin.map { inventory[$0.id] ?? [] } ?? inventory.all
    var seen: Set<String> = []
    let found = connections.compactMap { fields(of: $0)[field]?.string }.sorted()
    return .words(
      (others + found).filter { value in
        // What cannot be typed as it is shown would be another value: masks, control characters.
        !value.isEmpty && !value.contains(Secret.placeholder) && ServerText.line(value) == value
          && seen.insert(value).inserted
      }
    )
  }
}
