extension Change {
  /// What is sent of the connection's own fields.
  var sent: RequestBody {
    steps.lazy.compactMap(\.sent).first ?? RequestBody()
  }

  /// Whether what was tested still holds after someone else's change of a field.
  func isCompatible(with field: String) -> Bool {
    switch sent[field] {
    case .json?: true
    case .secret?: false
    case nil: !["endpoint", "authMethod"].contains(field)
    }
  }

  /// Whether the field gets a new secret.
  func setsSecret(_ field: String) -> Bool {
    if case .secret? = sent[field] { true } else { false }
  }

  /// Whether any field gets a new secret.
  package var setsAnySecret: Bool { sent.members.contains { setsSecret($0.name) } }
}
