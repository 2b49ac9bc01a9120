extension ReachRules {
  /// What a status of the service means for a connection.
  func explanation(_ status: Int, _ connection: Connection) -> Explanation? {
    explanations.first { explanation in
      explanation.statuses.contains(status)
        && (explanation.authMethod == nil || explanation.authMethod == connection.authMethod)
        && !(explanation.unlessSet.map { connection.shown($0) == true || connection.hasText($0) }
          ?? false)
    }
  }
}

extension Connection {
  fileprivate func hasText(_ field: String) -> Bool { stored[field]?.string?.isEmpty == false }
}
