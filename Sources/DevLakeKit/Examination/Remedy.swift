/// What fixes a finding, as data: a job, and what it is done to.
///
/// A program writes it as its own command or button. What only a person knows, such as a new secret, is
/// not in it.
@nonexhaustive
public enum Remedy: Sendable, Equatable {
  /// Change the connection; a person has to say which fields.
  case edit(ConnectionKey)
  /// Set one field, by DevLake's name, to the value written as text.
  case set(ConnectionKey, field: String, value: String)
  /// Give the connection a new secret.
  case rotate(ConnectionKey)
  /// Give the connection a new secret, and set fields together with it.
  case renew(ConnectionKey, [ServiceDeadline.Setting])
  /// Make a connection of another plugin in its place.
  case replace(plugin: String)
  /// Delete the connection; `isUnreadable`: its row breaks the list, so it cannot be read first.
  case delete(ConnectionKey, isUnreadable: Bool = false)
  /// Test the connection again, with more time than before where one is given.
  case test(ConnectionKey, within: Duration? = nil)
  /// Make an API key for the same paths, a regular expression.
  case replaceKey(allowedPath: String)
  /// Delete the API key of that ID.
  case deleteKey(Int)
  /// Run the pending database migration.
  case migrate
  /// Wait for the database migration that runs.
  case awaitMigration
  /// Change the blueprint of that ID with a `PATCH` of this body.
  case patchBlueprint(Int, JSONValue)
}
