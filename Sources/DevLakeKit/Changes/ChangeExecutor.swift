import Synchronization

/// Carries out changes: tests every candidate, asks the policy, writes, compares, tests again.
///
/// Candidates are tested in parallel, and so are connections written, up to
/// ``ChangePolicy/parallel`` at once; the steps of one connection go in their order. Every write is
/// in the journal before it is sent. When the caller's task is cancelled no new write begins; one
/// that is under way is awaited or looked up, two seconds long. The report is in the order in which
/// the changes were given, however it ends.
public struct ChangeExecutor: Sendable {
  let administrator: Administrator
  let policy: ChangePolicy
  let journal: any ChangeJournal
  let progress: any ChangeProgress

  /// Creates a change executor with the DevLake and how changes are carried out in it.
  public init(
    _ administrator: Administrator,
    policy: ChangePolicy = ChangePolicy(),
    journal: any ChangeJournal = NoJournal(),
    progress: any ChangeProgress = NoProgress()
  ) {
    self.administrator = administrator
    self.policy = policy
    self.journal = journal
    self.progress = progress
  }

  /// Carries the changes out.
  public func run(_ changes: [Change]) async -> ChangeResults {
    var outcomes = changes.map { change in
      change.isEmpty ? ChangeOutcome(.unchanged) : ChangeOutcome()
    }
    async let early = earlyRead(for: changes)
    await test(changes, &outcomes)
    let tested = ContinuousClock.now
    if let reason = obstacle(to: outcomes) {
      for index in outcomes.indices where isOpen(outcomes[index]) { outcomes[index].skip(reason) }
      await noteUnsent(changes, outcomes)
      return await report(changes, outcomes)
    }
    // What failed its test is in the journal before anything is written.
    await noteUnsent(changes, outcomes)
    let open = changes.indices.filter { isOpen(outcomes[$0]) }
    progress.begins(.writing, with: open.map { changes[$0] })
    let brake = Brake()
    let waiting = PipelineWaiting(administrator, progress, policy.pipelinePatience)
    // Too long before the end of the test, it is read again.
    let read = await early.flatMap { $0.time.duration(to: tested) < .milliseconds(250) ? $0 : nil }
    for stage in stages(of: open, changes) {
      let written = await concurrently(stage.map { (changes[$0], outcomes[$0]) }, atMost: parallel)
      { (change, outcome) in
        await write(change, outcome, read, brake, waiting)
      }
      for (index, outcome) in zip(stage, written) { outcomes[index] = outcome }
    }
    await retest(changes, &outcomes)
    return await report(changes, outcomes)
  }

  var parallel: Int { max(1, policy.parallel) }

  /// Whether it is still to be written.
  func isOpen(_ outcome: ChangeOutcome) -> Bool {
    outcome.state == .skipped && outcome.problem == nil
  }

  private func report(_ changes: [Change], _ outcomes: [ChangeOutcome]) async -> ChangeResults {
    ChangeResults(
      results: zip(changes, outcomes).map { (change: $0, outcome: $1) },
      wasInterrupted: Task.isCancelled,
      journalProblem: await journal.problem()
    )
  }
}

/// The writes.
extension ChangeExecutor {
  /// What must not be written in parallel: a name is free for another connection only when the one
  /// that had it is renamed, and nothing is deleted before all the others are as wanted.
  private func stages(of open: [Int], _ changes: [Change]) -> [[Int]] {
    var first: [Int] = []
    var second: [Int] = []
    var deletions: [Int] = []
    var leaving: [String: Set<String>] = [:]
    for index in open {
      guard let before = changes[index].before, before.name != changes[index].name else { continue }
      leaving[changes[index].plugin.id, default: []].insert(ConnectionName.folded(before.name))
    }
    for index in open {
      let change = changes[index]
      let isNew = change.before?.name != change.name
      if change.action == .delete {
        deletions.append(index)
      } else if isNew,
        leaving[change.plugin.id]?.contains(ConnectionName.folded(change.name)) == true
      {
        second.append(index)
      } else {
        first.append(index)
      }
    }
    return [first, second, deletions].filter { !$0.isEmpty }
  }

  private func write(
    _ change: Change,
    _ tested: ChangeOutcome,
    _ early: EarlyRead?,
    _ brake: Brake,
    _ waiting: PipelineWaiting
  ) async -> ChangeOutcome {
    var outcome = tested
    if let reason = brake.reason {
      outcome.skip(.stopped(by: reason))
    } else if Task.isCancelled {
      outcome.skip(.interrupted)
    } else {
      await carryOut(change, &outcome, early, brake, waiting)
      if let problem = outcome.problem,
        problem.endsAll || (policy.stopsAtUnknown && problem.isOpen)
      {
        brake.pull(problem)
      }
    }
    if !outcome.wasBegun, outcome.state != .done {
      await journal.note(record(of: change, outcome))
    }
    progress.ends(.writing, of: change, outcome)
    return outcome
  }

  private func carryOut(
    _ change: Change,
    _ outcome: inout ChangeOutcome,
    _ early: EarlyRead?,
    _ brake: Brake,
    _ waiting: PipelineWaiting
  ) async {
    var current: Connection?
    do throws(ChangeProblem) {
      current = try await checked(change, early, &outcome)
      if change.action == .delete, change.plugin.deletion.runningPipeline {
        try await waiting.run(for: change)
      }
    } catch {
      // What was to be deleted and is gone is as it was wanted.
      guard error.code == .gone, change.action == .delete else { return outcome.fail(error) }
      outcome.state = .done
      return note(.wasGone, change, &outcome)
    }
    for (index, step) in change.steps.enumerated() {
      if index > 0, Task.isCancelled || brake.reason != nil {
        var problem: ChangeProblem = Task.isCancelled ? .interrupted : brake.reason ?? .interrupted
        problem.step = index
        return outcome.fail(problem)
      }
      do throws(ChangeProblem) {
        try await write(step, at: index, of: change, on: current, &outcome, waiting)
        current = outcome.connection ?? current
      } catch {
        var problem = error
        problem.step = index
        return outcome.fail(problem)
      }
    }
    outcome.state = .done
    outcome.isWritten = true
  }

  private func write(
    _ step: Change.Step,
    at index: Int,
    of change: Change,
    on current: Connection?,
    _ outcome: inout ChangeOutcome,
    _ waiting: PipelineWaiting
  ) async throws(ChangeProblem) {
    let writer = StepWriter(client: administrator.client, change: change)
    let request = change.request(of: step, on: current)
    while true {
      let attempt: String
      do throws(JournalError) {
        attempt = try await journal.begin(
          record(of: change, step: index, .started, updatedAt: current?.updatedAt, request)
        )
      } catch {
        throw .journal(error)
      }
      let written = await writer.write(step, request, on: current)
      switch written {
      case .success(let done):
        outcome.stepsDone = index + 1
        if let connection = done.connection { outcome.connection = connection }
        if let change = done.change { outcome.stepChanges.append(change) }
        outcome.answer = done.answer
        var record = record(of: change, step: index, .done)
        record.id = outcome.connection?.key.id ?? record.id
        record.name = outcome.connection?.name ?? record.name
        if let change = done.change { record.changes = [change] }
        record.testedBefore = outcome.test?.outcome.rawValue
        outcome.attempt = attempt
        await journal.end(record, attempt: attempt)
        if done.wasLookedUp { note(.lookedUp(step: index), change, &outcome) }
        if done.wasGone { note(.wasGone, change, &outcome) }
        if change.steps.count > 1, index < change.steps.count - 1 {
          note(.stepDone(index), change, &outcome)
        }
        return
      case .failure(let problem):
        outcome.answer = problem.answer
        outcome.connection = problem.connection ?? outcome.connection
        var record = record(of: change, step: index, problem.outcome)
        if !problem.isOpen { record.changes = [] }
        record.action = problem.action
        record.message = problem.sentence(about: change, step: index)
        await journal.end(record, attempt: attempt)
        // One has begun in the meantime.
        guard problem.isAboutPipeline, waiting.isWanted else { throw problem }
        try await waiting.run(for: change)
      }
    }
  }
}

/// What must hold before the first write.
extension ChangeExecutor {
  /// A connection that was read while its change was tested.
  struct EarlyRead: Sendable {
    let connection: Connection
    /// When the answer came.
    let time: ContinuousClock.Instant
  }

  /// Reads the connection of a change that is alone beside its test, which saves a round trip;
  /// `nil`: it is to be read before the write, as those of many are.
  private func earlyRead(for changes: [Change]) async -> EarlyRead? {
    guard changes.count == 1, let change = changes.first, !change.isEmpty,
      let before = change.before,
      change.precondition != .none, change.candidate != nil, policy.admission != .untested,
      let connection = try? await administrator.client.connection(
        before.key.id,
        of: change.plugin
      )  // what fails is asked again, and told then
    else { return nil }
    return EarlyRead(connection: connection, time: .now)
  }

  /// The connection as it is now, when what was planned still holds for it.
  private func checked(
    _ change: Change,
    _ early: EarlyRead?,
    _ outcome: inout ChangeOutcome
  ) async throws(ChangeProblem) -> Connection? {
    guard let before = change.before, change.precondition != .none else { return change.before }
    let (client, plugin, id) = (administrator.client, change.plugin, before.key.id)
    func row() async -> Result<Connection, APIError> {
      await result { () async throws(APIError) in try await client.connection(id, of: plugin) }
    }
    var read: Result<Connection, APIError>
    if let early { read = .success(early.connection) } else { read = await row() }
    // Nothing more is sent about what is gone already, so that it is asked for twice.
    if case .failure(let error) = read, error.meansAbsent, change.action == .delete {
      read = await row()
    }
    let now: Connection
    switch read {
    case .success(let connection): now = connection
    case .failure(let error): throw error.meansAbsent ? .gone : .unreadable(error)
    }
    guard now.updatedAt != before.updatedAt || now.name != before.name else { return now }
    let fields = before.fieldsChanged(in: now)
    switch change.precondition {
    case .none: return now
    // Only a secret changes without a trace.
    case .unchanged(let overwrites), .compatible(let overwrites):
      if fields.isEmpty, change.setsAnySecret {
        guard overwrites else { throw .secretMeanwhile }
        note(.overwroteSecret, change, &outcome)
      } else if case .unchanged = change.precondition {
        throw .changedMeanwhile(fields)
      } else {
        let isKept = fields.allSatisfy {
          change.isCompatible(with: $0) || (overwrites && change.setsSecret($0))
        }
        guard isKept else { throw .changedMeanwhile(fields) }
        note(.keptOthers(fields: fields), change, &outcome)
      }
    }
    guard let candidate = change.candidate, policy.admission != .untested else { return now }
    let request = change.testRequest(of: candidate, on: now)
    switch await verdict(of: request, change, now) {
    case .success(let verdict):
      guard !verdict.isFailure else { throw .testFailed(verdict) }
    case .failure(let error): throw .untested(error)
    }
    return now
  }
}

/// Keeps writes from beginning after one that ended so that none should.
private final class Brake: Sendable {
  private let state = Mutex<ChangeProblem?>(nil)
  var reason: ChangeProblem? { state.withLock { $0 } }
  func pull(_ problem: ChangeProblem) { state.withLock { $0 = $0 ?? problem } }
}
