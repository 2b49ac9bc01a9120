import DevLakeKit

extension Session {
  /// A connection as the state file is to remember it.
  ///
  /// `nil` leaves a remembered organization or enterprise alone, an empty text removes it.
  struct Remembered {
    var connection: Connection
    var organization: String?
    var enterprise: String?
  }

  /// Notes connections in the state file of their instance, all in one write; what goes wrong is a
  /// warning.
  ///
  /// - Returns: Whether they are there now.
  @discardableResult
  func record(_ connections: [Remembered]) -> Bool {
    guard !connections.isEmpty else { return true }
    let obstacle = noting(connections)
    if let obstacle { warnOnce(obstacle) }
    return obstacle == nil
  }

  /// The same without a warning.
  ///
  /// - Returns: Why nothing was noted; `nil` when it was.
  func noting(_ connections: [Remembered]) -> String? {
    guard let url = server.instance?.url else { return "no DevLake is in use" }
    let entries = connections.map { remembered in
      StateFile.Connection(
        plugin: remembered.connection.key.plugin,
        id: remembered.connection.key.id,
        name: remembered.connection.name,
        organization: remembered.connection.organization ?? remembered.organization,
        enterprise: remembered.connection.enterprise ?? remembered.enterprise
      )
    }
    return journal.note(entries, of: url)
  }

  /// Takes connections out of the state files of their instance.
  func forget(_ keys: [ConnectionKey]) {
    guard let url = server.instance?.url, !keys.isEmpty,
      let note = journal.forget(keys, of: url)
    else { return }
    warnOnce(note)
  }
}
