/// One thing that was looked at, and what is to be said of it.
public struct Finding: Sendable, Equatable {
  /// How much it matters.
  public enum Severity: String, Sendable, Comparable {
    /// As it should be.
    case ok
    /// It was not fully examined.
    case note
    /// It works, and someone should look at it.
    case warning
    /// It does not work.
    case error

    private var rank: Int {
      switch self {
      case .ok: 0
      case .note: 1
      case .warning: 2
      case .error: 3
      }
    }

    /// By how much they matter.
    public static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rank < rhs.rank }
  }

  /// What was looked at; the raw value is a slug for programs.
  public enum Check: String, Sendable {
    /// Files that are read at the start: instances, state files.
    case files
    /// Whether DevLake answers at its address.
    case reachable
    case ready
    case migration
    case database
    /// What the caller may see.
    case access
    /// Whether DevLake itself is reached encrypted.
    case encryption
    /// Whether a plugin's connections can be listed.
    case list
    /// A row that breaks a plugin's list.
    case brokenRow = "broken-row"
    case test
    /// When the credential ends.
    case expiry
    /// A day on which the service stops taking what the connection has.
    case deadline
    case scopes
    /// How many requests the service still allows.
    case quota
    case unused
    /// What several connections collect.
    case duplicate
    /// What a blueprint collects and no connection has.
    case brokenScope = "broken-scope"
    /// What could not be looked at.
    case unseen = "not-looked-at"
    case name
    /// A mask that is stored in a secret's place.
    case mask
    /// Whether the service is reached encrypted.
    case endpoint
    /// Secrets DevLake keeps unencrypted.
    case clearSecret = "clear-secret"
  }

  /// What was looked at.
  public var check: Check
  /// How much it matters.
  public var severity: Severity
  /// The plugin it is about.
  public var plugin: String?
  /// The connection it is about.
  public var id: Int?
  /// The connection's name.
  public var name: String?
  /// What is so, one line.
  public var message: String
  /// What fixes it, where anything does.
  public var remedy: Remedy?
  /// Why a test failed.
  public var cause: Verdict.Cause?
  /// When the credential ends, and who says so.
  var end: End?

  /// The end of a connection's own credential.
  struct End: Sendable, Equatable {
    var day: CalendarDay
    var source: Source

    /// Who says so.
    enum Source: String, Sendable {
      case service = "the service"
      case devLake = "DevLake"
      case recorded = "what was recorded here"
    }
  }

  /// What is said of every connection that nothing uses.
  public static let unused = "nothing uses it: it has no scopes and is in no blueprint"

  /// Says something of DevLake as a whole, or of a plugin.
  public init(
    _ check: Check,
    _ severity: Severity,
    plugin: String? = nil,
    _ message: String,
    remedy: Remedy? = nil
  ) {
    self.check = check
    self.severity = severity
    self.plugin = plugin
    self.message = message
    self.remedy = remedy
  }

  /// Says something of a connection.
  public init(
    _ check: Check,
    _ severity: Severity,
    _ connection: Connection,
    _ message: String,
    remedy: Remedy? = nil
  ) {
    self.init(check, severity, plugin: connection.key.plugin, message, remedy: remedy)
    id = connection.key.id
    name = connection.name
  }
}
