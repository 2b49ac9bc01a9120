import DevLakeKit

extension Session {
  /// Notes a connection in the state file of its instance; what goes wrong is a warning.
  ///
  /// `nil` leaves a remembered organization or enterprise alone, an empty text removes it.
  func record(_ connection: Connection, organization: String?, enterprise: String?) {
    guard let url = instance?.url else { return }
    memory = nil
    let entry = StateFile.Connection(
      plugin: connection.key.plugin,
      id: connection.key.id,
      name: connection.name,
      organization: connection.organization ?? organization,
      enterprise: connection.enterprise ?? enterprise
    )
    do throws(StateFileError) {
      if let note = try stateFiles.record(entry, of: url).note { warnOnce(note) }
    } catch {
      warnOnce(error.description)
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
