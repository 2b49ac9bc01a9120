/// Keeps what is changed, before and after.
///
/// Methods may be called from several tasks at once, each change's in its order.
public protocol ChangeJournal: Sendable {
  /// What the names of all attempts begin with, up to the last `.`; `nil` where none are kept.
  var run: String? { get }
  /// Notes that a write is about to be sent, and returns when the note is kept.
  ///
  /// - Returns: The name of the attempt, for ``end(_:attempt:)``.
  /// - Throws: Where nothing may be changed that is not noted; the write is then not sent.
  func begin(_ record: ChangeRecord) async throws(JournalError) -> String
  /// Notes what became of an attempt.
  func end(_ record: ChangeRecord, attempt: String) async
  /// Notes that what was saved was tested again.
  func verify(_ record: ChangeRecord, attempt: String) async
  /// Notes a change of which nothing was sent.
  func note(_ record: ChangeRecord) async
  /// The first note that was not kept; `nil` when all are.
  func problem() async -> JournalError?
}

extension ChangeJournal {
  /// None are kept.
  public var run: String? { nil }

  /// Keeps nothing of it.
  public func verify(_ record: ChangeRecord, attempt: String) async {}
}

/// What a journal keeps of a change.
public struct ChangeRecord: Sendable, Equatable {
  /// The plugin.
  public var plugin: String
  /// The connection's number, once it has one.
  public var id: Int?
  /// The connection's name.
  public var name: String
  /// What was, or was to be, done: `created`, `updated`, `rotated`, `deleted`, `failed`, `skipped`.
  public var action: String
  /// What changes, as it may be shown.
  public var changes: [FieldChange]
  /// How it stands.
  public var outcome: Outcome
  /// What else is to be said.
  public var message: String?
  /// DevLake's time of the connection's last change before this one.
  public var updatedAt: String?
  /// The last day on which the secret is good that it sets, where someone has said so.
  public var expires: CalendarDay?
  /// What the test of the candidate said, and that of what was saved; `nil`: it was not made.
  public var testedBefore: String?
  /// The same of the test afterwards.
  public var testedAfter: String?
  /// What each of several tokens is afterwards, where some of them change.
  public var fates: [TokenReplacement.Fate]?
  /// The request, as `PATCH /blueprints/3`, where it is about something else than the fields of the
  /// connection; a later look-up asks for that.
  public var request: String?

  /// How a change stands; the raw value is what the log calls it.
  public enum Outcome: String, Sendable {
    /// Its request is about to be sent.
    case started
    /// DevLake has it.
    case done
    /// DevLake does not have it.
    case failed
    /// DevLake, or something that stood against it, refused it.
    case refused
    /// It was looked up and is still open.
    case unknown
    /// The caller gave up while it was under way; DevLake does not have it so far.
    case interrupted
    /// Nothing of it was tried.
    case none
    /// What was saved was tested again.
    case verified
  }

  /// Creates a change record with what is kept.
  public init(
    plugin: String,
    id: Int?,
    name: String,
    action: String,
    changes: [FieldChange] = [],
    outcome: Outcome,
    message: String? = nil,
    updatedAt: String? = nil,
    request: String? = nil
  ) {
    self.plugin = plugin
    self.id = id
    self.name = name
    self.action = action
    self.changes = changes
    self.outcome = outcome
    self.message = message
    self.updatedAt = updatedAt
    self.request = request
  }
}

/// Why a journal does not keep a change.
public struct JournalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One line for a person.
  public let description: String
  /// Creates a journal error with the line.
  public init(_ description: String) { self.description = description }
}

/// A journal that keeps nothing.
public struct NoJournal: ChangeJournal {
  /// Keeps nothing.
  public init() {}
  /// Keeps nothing.
  public func begin(_ record: ChangeRecord) async throws(JournalError) -> String { "" }
  /// Keeps nothing.
  public func end(_ record: ChangeRecord, attempt: String) async {}
  /// Keeps nothing.
  public func note(_ record: ChangeRecord) async {}
  /// Nothing is missing.
  public func problem() async -> JournalError? { nil }
}
