/// Rows that break DevLake's list of connections.
///
/// A GitHub secret too short for DevLake's masking makes every answer with that row a 500 without
/// text. The row's own DELETE answers 500 as well, but deletes it, which is the only cure
/// (measured).
extension Administrator {
  /// How many ids in a row may be missing before the search ends: failed inserts use up numbers.
  private static let longestGap = 128
  private static let atOnce = 16

  /// Whether the connection is there and breaks every answer that holds it.
  public func isBroken(_ id: Int, of plugin: PluginDescriptor) async throws(APIError) -> Bool {
    guard plugin.canHoldBrokenRows, try await probe(id, plugin) == .broken else { return false }
    return try await breaksByRows(plugin)
  }

  /// Whether the list of a plugin breaks and DevLake itself does not: a connection nobody has is
  /// answered with 404.
  private func breaksByRows(_ plugin: PluginDescriptor) async throws(APIError) -> Bool {
    do throws(APIError) {
      _ = try await client.connections(of: plugin)
      return false
    } catch {
      guard case .brokenDown = error.kind else { throw error }
    }
    return try await probe(Int(Int32.max), plugin) == .missing
  }

  /// The ids of all rows that break the plugin's list, found by asking id after id.
  ///
  /// - Returns: None where the list does not break.
  public func brokenConnections(of plugin: PluginDescriptor) async throws(APIError) -> [Int] {
    guard plugin.canHoldBrokenRows, try await breaksByRows(plugin) else { return [] }
    var broken: [Int] = []
    var (next, lastFound) = (1, 0)
    while next - lastFound <= Self.longestGap {
      let ids = Array(next..<next + Self.atOnce)
      for (id, row) in zip(ids, try await probe(ids, plugin)) {
        if row != .missing { lastFound = id }
        if row == .broken { broken.append(id) }
      }
      next += Self.atOnce
    }
    return broken
  }

  private enum Row: Sendable {
    case there
    case missing
    case broken
  }

  private func probe(_ ids: [Int], _ plugin: PluginDescriptor) async throws(APIError) -> [Row] {
    let rows = await withTaskGroup(of: (Int, Result<Row, APIError>).self) { group in
      for (index, id) in ids.enumerated() {
        group.addTask {
          do throws(APIError) {
            return (index, .success(try await probe(id, plugin)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var rows: [Int: Result<Row, APIError>] = [:]
      for await (index, row) in group { rows[index] = row }
      return rows
    }
    var found: [Row] = []
    for index in ids.indices {
      if let row = rows[index] { found.append(try row.get()) }
    }
    return found
  }

  private func probe(_ id: Int, _ plugin: PluginDescriptor) async throws(APIError) -> Row {
    do throws(APIError) {
      _ = try await client.connection(id, of: plugin)
      return .there
    } catch {
      switch error.kind {
      case .refused(status: 404, _, _): return .missing
      case .brokenDown: return .broken
      default: throw error
      }
    }
  }
}

extension PluginDescriptor {
  /// Whether a secret of it can be too short for DevLake's masking.
  public var canHoldBrokenRows: Bool {
    fields.contains { $0.mask == .githubToken || $0.mask == .githubPEM }
  }
}
