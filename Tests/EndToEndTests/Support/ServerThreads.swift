import Dispatch

/// Threads for the servers of tests, apart from those the tests block while they wait for a terminal.
final class ServerThreads: TaskExecutor {
  static let shared = ServerThreads()
  private let queue = DispatchQueue(label: "servers", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
