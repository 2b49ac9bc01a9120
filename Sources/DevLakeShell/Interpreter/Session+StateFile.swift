import DevLakeKit

extension Session {
  /// Notes a connection in the state file of its instance; what goes wrong is a warning.
  ///
  /// `nil` leaves a remembered organization or enterprise alone, an empty text removes it.
  ///
  /// - Returns: Whether it stands there now.
  @discardableResult
  func record(_ connection: Connection, organization: String?, enterprise: String?) -> Bool {
    let obstacle = noting(connection, organization: organization, enterprise: enterprise)
    if let obstacle { warnOnce(obstacle) }
    return obstacle == nil
  }

  /// The same without a warning.
  ///
  /// - Returns: Why nothing was noted; `nil` when it was.
  func noting(_ connection: Connection, organization: String?, enterprise: String?) -> String? {
    guard let url = instance?.url else { return "no DevLake is in use" }
    memory = nil
    let entry = StateFile.Connection(
      plugin: connection.key.plugin,
      id: connection.key.id,
      name: connection.name,
      organization: connection.organization ?? organization,
      enterprise: connection.enterprise ?? enterprise
    )
    do throws(StateFileError) {
      return try stateFiles.record(entry, of: url).note
    } catch {
      return error.description
    }
  }

  /// Takes a connection out of the state files of its instance.
  func forget(_ key: ConnectionKey) {
    guard let url = instance?.url else { return }
    memory = nil
    do throws(StateFileError) {
      if let note = try stateFiles.forget(plugin: key.plugin, id: key.id, of: url).note {
        warnOnce(note)
      }
    } catch {
      warnOnce(error.description)
    }
  }
}
