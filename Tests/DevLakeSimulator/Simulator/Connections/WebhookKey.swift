import DevLakeKit

extension DevLake {
  /// Makes the API key of a new webhook connection, which only this answer ever shows.
  mutating func issueKey(for row: ConnectionRow, _ kind: ConnectionKind) -> JSONValue {
    lastAPIKeyID += 1
    let key = APIKey(
      id: lastAPIKeyID,
      name: "\(kind.plugin)-\(row.id)",
      type: "plugin:\(kind.plugin)",
      allowedPath: "/plugins/\(kind.plugin)/connections/\(row.id)/.*",
      expiredAt: nil,
      key: APIKey.newKey(),
      createdAt: row.createdAt,
      updatedAt: row.createdAt
    )
    apiKeys.append(key)
    guard case .object(var shown)? = kind.shown(row, written: [.created, .updated]) else {
      return nil
    }
    shown["apiKey"] = key.shown(withKey: true, written: [.created, .updated])
    return .object(shown)
  }
}
