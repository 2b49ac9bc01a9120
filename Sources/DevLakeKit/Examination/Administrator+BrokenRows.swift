/// Rows that break DevLake's list of connections.
///
/// A GitHub secret too short for DevLake's masking makes every answer with that row a 500 without
/// body and without a type (measured). The row's own DELETE answers 500 as well, but deletes it,
/// which is the only cure (measured).
///
/// Nothing is called broken without proof: the list breaks in this very way, the row's own GET does,
/// twice, and a connection nobody has is answered with 404 as DevLake does, so that neither DevLake
/// as a whole nor a gateway in front of it is what fails.
extension Administrator {
  /// How many ids in a row may be missing before the search ends: failed inserts use up numbers.
  static let longestGap = 128
  private static let atOnce = 16

  /// Whether the connection is there and breaks every answer that holds it.
  public func isBroken(_ id: Int, of plugin: PluginDescriptor) async throws(APIError) -> Bool {
    guard plugin.canHoldBrokenRows, try await probe(id, plugin) == .broken,
      try await breaksByRows(plugin)
    else { return false }
    return try await probe(id, plugin) == .broken
  }

  /// Whether the list of a plugin breaks and DevLake itself does not: a connection nobody has is
  /// answered with 404.
  private func breaksByRows(_ plugin: PluginDescriptor) async throws(APIError) -> Bool {
    guard try await client.breaksList(of: plugin) else { return false }
    return try await probe(Int(Int32.max), plugin) == .missing
  }

  /// The ids of all rows that break the plugin's list, found by asking id after id, each of them
  /// asked again at the end.
  ///
  /// - Returns: None where the list does not break.
  public func brokenConnections(of plugin: PluginDescriptor) async throws(APIError) -> [Int] {
    try await brokenConnections(of: plugin, longestGap: Self.longestGap)
  }

  func brokenConnections(
    of plugin: PluginDescriptor,
    longestGap: Int
  ) async throws(APIError) -> [Int] {
    guard plugin.canHoldBrokenRows, try await breaksByRows(plugin) else { return [] }
    var suspects: [Int] = []
    var (next, lastFound) = (1, 0)
    while next - lastFound <= longestGap {
      let ids = Array(next..<next + Self.atOnce)
      for (id, row) in zip(ids, try await probe(ids, plugin)) {
        if row != .missing { lastFound = id }
        if row == .broken { suspects.append(id) }
      }
      next += Self.atOnce
    }
    var broken: [Int] = []
    for id in suspects where try await probe(id, plugin) == .broken { broken.append(id) }
    return broken
  }

  private func probe(
    _ ids: [Int],
    _ plugin: PluginDescriptor
  ) async throws(APIError) -> [DevLakeClient.Row] {
    let rows = await withTaskGroup(
      of: (index: Int, row: Result<DevLakeClient.Row, APIError>).self
    ) { group in
      for (index, id) in ids.enumerated() {
        group.addTask {
          let row = await Result(awaiting: { () async throws(APIError) in
            try await probe(id, plugin)
          })
          return (index, row)
        }
      }
      var rows: [Int: Result<DevLakeClient.Row, APIError>] = [:]
      for await (index, row) in group { rows[index] = row }
      return rows
    }
    var found: [DevLakeClient.Row] = []
    for index in ids.indices {
      if let row = rows[index] { found.append(try row.get()) }
    }
    return found
  }

  private func probe(
    _ id: Int,
    _ plugin: PluginDescriptor
  ) async throws(APIError) -> DevLakeClient.Row {
    try await client.row(id, of: plugin)
  }
}

extension PluginDescriptor {
  /// Whether a secret of it can be too short for DevLake's masking.
  public var canHoldBrokenRows: Bool {
    fields.contains { $0.mask == .githubToken || $0.mask == .githubPEM }
  }
}
