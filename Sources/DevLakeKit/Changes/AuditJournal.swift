#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps changes in the ``AuditLog``, each line on the disk before the caller goes on.
///
/// A write has two lines with the same `attempt`: `started` before it is sent, and what became of it.
/// Who was killed in between leaves the first alone; ``OpenAttempts`` finds it.
///
/// Lines of several tasks go to the disk together: while one batch is written and synced the next
/// gathers. That also keeps the tasks of one program from waiting for each other's locks.
public actor AuditJournal: ChangeJournal {
  private let log: AuditLog
  private let context: Context
  private let patience: LockBudget
  private let marker: AttemptMarker
  private var failure: FileError?
  private var attempts = 0
  private var waiting: [(line: JSONObject, resume: CheckedContinuation<FileError?, Never>)] = []
  private var isWriting = false

  /// What all lines of a program's run have in common.
  public struct Context: Sendable {
    /// The DevLake.
    public var instance: String
    /// Who changes it.
    public var user: String
    /// What they run.
    public var command: String
    /// Whether nothing may be changed that is not in the log.
    public var isRequired: Bool
    /// What keeps that DevLake from being changed freely, such as `protected`.
    public var restriction: String?
    /// Who has approved what is done, as whoever does it says.
    public var approver: String?
    /// What hides every secret in use.
    public var redactor: Redactor
    /// The time in seconds since 1970.
    public var now: @Sendable () -> Int

    /// Creates a context with what the lines say.
    public init(
      instance: String,
      user: String,
      command: String,
      isRequired: Bool = false,
      restriction: String? = nil,
      approver: String? = nil,
      redactor: Redactor = Redactor(),
      now: (@Sendable () -> Int)? = nil
    ) {
      self.instance = instance
      self.user = user
      self.command = command
      self.isRequired = isRequired
      self.restriction = restriction
      self.approver = approver
      self.redactor = redactor
      self.now = now ?? { time(nil) }
    }
  }

  /// Creates an audit journal with the log.
  ///
  /// - Parameters:
  ///   - log: The log that gets the lines.
  ///   - context: The DevLake, the user and the command that the lines name.
  ///   - folder: The folder of the log, in which the marks of attempts under way are kept.
  ///   - patience: How long other programs' locks are waited for, in all.
  public init(
    _ log: AuditLog,
    _ context: Context,
    folder: String,
    patience: LockBudget = LockBudget()
  ) {
    self.log = log
    self.context = context
    self.patience = patience
    marker = AttemptMarker(folder: folder)
  }

  /// What the attempts of this program are called by.
  public nonisolated var run: String? { marker.name }

  /// Notes that a write begins.
  public func begin(_ record: ChangeRecord) async throws(JournalError) -> String {
    marker.hold()
    attempts += 1
    let attempt = "\(marker.name).\(attempts)"
    var record = record
    record.outcome = .started
    if let failure = await append(line(record, attempt)) {
      marker.release()
      if context.isRequired { throw JournalError(failure.description) }
    }
    return attempt
  }

  /// Notes what became of it.
  public func end(_ record: ChangeRecord, attempt: String) async {
    _ = await append(line(record, attempt))
    marker.release()
  }

  /// Notes that what was saved was tested again.
  public func verify(_ record: ChangeRecord, attempt: String) async {
    var record = record
    record.outcome = .verified
    _ = await append(line(record, attempt))
  }

  /// Notes a change of which nothing was sent.
  public func note(_ record: ChangeRecord) async { _ = await append(line(record, nil)) }

  /// The first line that could not be written.
  public func problem() async -> JournalError? {
    failure.map { JournalError($0.description) }
  }

  private func line(_ record: ChangeRecord, _ attempt: String?) -> JSONObject {
    var line: JSONObject = [
      "time": .string(AuditLog.time(context.now())), "user": .string(context.user),
      "instance": .string(context.instance), "command": .string(context.command),
      "plugin": .string(record.plugin), "id": record.id.map { .integer($0) } ?? .null,
      "name": .string(record.name), "action": .string(record.action),
      "changes": .array(record.changes.map(\.json)),
      "outcome": .string(record.outcome.rawValue),
    ]
    if let message = record.message { line["message"] = .string(message) }
    if let attempt { line["attempt"] = .string(attempt) }
    if let time = record.updatedAt { line["updatedAt"] = .string(time) }
    if let test = record.testedBefore { line["testedBefore"] = .string(test) }
    if let test = record.testedAfter { line["testedAfter"] = .string(test) }
    if let day = record.expires { line["expires"] = .string(day.text) }
    if let restriction = context.restriction { line["restriction"] = .string(restriction) }
    if let approver = context.approver { line["approvedBy"] = .string(approver) }
    if let request = record.request { line["request"] = .string(request) }
    return context.redactor.hiding(.object(line)).object ?? line
  }

  private func append(_ line: JSONObject) async -> FileError? {
    let patience = patience
    return await withTaskCancellationHandler {
      await withCheckedContinuation { resume in
        waiting.append((line, resume))
        guard !isWriting else { return }
        isWriting = true
        Task { await write() }
      }
    } onCancel: {
      patience.end()
    }
  }

  private func write() async {
    while !waiting.isEmpty {
      let batch = waiting
      waiting = []
      var failed: FileError?
      do throws(FileError) {
        try await log.append(batch.map(\.line), patience)
      } catch {
        failed = error
        failure = failure ?? error
      }
      for entry in batch { entry.resume.resume(returning: failed) }
    }
    isWriting = false
  }
}

extension FieldChange {
  /// What the log, and programs, read of it.
  public var json: JSONValue { ["field": .string(field), "before": before, "after": after] }
}
