/// Runs what Ctrl-C, or a signal, does not end at once: a write whose answer tells what was done, or
/// the look-up of one whose answer was lost.
///
/// The work runs in a task of its own, so that cancelling the caller does not cancel it. It is given
/// two more seconds from the moment the caller is cancelled; already cancelled callers give it two
/// seconds in all. A child task would be cancelled with its parent, and a request that is cancelled
/// while DevLake works on it leaves behind what nobody knows.
func withGracePeriod<Value: Sendable>(
  _ work: @escaping @Sendable () async throws(APIError) -> Value
) async throws(APIError) -> Value {
  let task = Task<Result<Value, APIError>, Never> { await result(of: work) }
  return try await withTaskCancellationHandler {
    await task.value
  } onCancel: {
    Task {
      // The grace cannot be cut short: nobody holds this task.
      try? await Task.sleep(for: .seconds(2))
      task.cancel()
    }
  }.get()
}

/// The result of the work, as a value.
func result<Value: Sendable, Failure: Error>(
  of work: @Sendable () async throws(Failure) -> Value
) async -> Result<Value, Failure> {
  await Result(awaiting: work)
}

/// Runs `work` for each item, so many at once, and returns the results in the items' order.
package func concurrently<Item: Sendable, Outcome: Sendable>(
  _ items: [Item],
  atMost limit: Int,
  finished: (Int) -> Void = { _ in },
  _ work: @escaping @Sendable (Item) async -> Outcome
) async -> [Outcome] {
  // One alone needs no task, which would start on another thread.
  if items.count == 1 { return [await work(items[0])] }
  return await withTaskGroup(of: (Int, Outcome).self) { group in
    var next = 0
    func start() {
      guard next < items.count else { return }
      let (index, item) = (next, items[next])
      next += 1
      group.addTask { (index, await work(item)) }
    }
    for _ in 0..<max(1, limit) { start() }
    var outcomes = [Outcome?](repeating: nil, count: items.count)
    while let (index, outcome) = await group.next() {
      outcomes[index] = outcome
      finished(index)
      start()
    }
    return outcomes.compactMap(\.self)
  }
}
