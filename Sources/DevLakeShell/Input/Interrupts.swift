import Dispatch
import LineEditing
import ShellLanguage
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a SIGINT means when no command runs: at the prompt it acts as Ctrl-C does there; where there is
/// no prompt, as while a pipe is read, it ends the program.
final class PromptInterrupts: Sendable {
  private let mailbox = Mutex<LineEditorMailbox?>(nil)

  /// From now on there is a prompt.
  func attach(_ mailbox: LineEditorMailbox) { self.mailbox.withLock { $0 = mailbox } }

  /// Whether a person has a prompt, to which they come back when the command has ended.
  var isAttached: Bool { mailbox.withLock { $0 != nil } }

  func interrupt() {
    guard let mailbox = mailbox.withLock({ $0 }) else {
      TerminalGuard.restore()
      EndingSignals.end(by: SIGINT)
    }
    mailbox.interrupt()
  }
}

/// Ctrl-C while a command runs: its task is cancelled.
///
/// At the prompt Ctrl-C is a key and never comes here. When nothing runs, as while a pipe is read, a
/// person wants the program to end.
final class Interrupts: Sendable {
  private struct State {
    var cancel: (@Sendable () -> Void)?
    /// Whether the task waits for its next line: there is nothing to cancel.
    var isIdle = false
    var presses = 0
  }

  private let state = Mutex(State())
  /// Called when nothing runs that could be cancelled.
  private let leave: @Sendable () -> Void
  /// Called before something is cancelled: a terminal has echoed the key.
  private let echo: @Sendable () -> Void
  /// Called when it is pressed again and again while a command does not end; whether that was answered.
  private let insist: @Sendable () -> Bool
  /// Written once in `init`, then only cancelled; Dispatch guards it.
  private nonisolated(unsafe) let source: any DispatchSourceSignal

  /// Traps SIGINT, and returns once it is really trapped: Dispatch registers the source on another
  /// thread, and a SIGINT before that ends the process (measured).
  init(
    echo: @escaping @Sendable () -> Void = {},
    insist: @escaping @Sendable () -> Bool = { false },
    leave: @escaping @Sendable () -> Void
  ) async {
    self.leave = leave
    self.insist = insist
    self.echo = echo
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    self.source = source
    // Without `@Sendable` these closures would belong to the caller's actor and trap.
    source.setEventHandler { @Sendable [weak self] in self?.press() }
    await withCheckedContinuation { registered in
      source.setRegistrationHandler { @Sendable in registered.resume() }
      source.activate()
    }
  }

  deinit { source.cancel() }

  /// Runs `work` as a task that Ctrl-C cancels; within such a task it is part of it.
  ///
  /// To wait for a task costs two hops between threads, more than a statement without network takes:
  /// a program has one, a person's line one of its own.
  @MainActor
  func cancellable<Outcome: Sendable>(
    _ work: @escaping @MainActor () async -> Outcome
  ) async -> Outcome {
    guard state.withLock({ $0.cancel == nil }) else { return await work() }
    let task = Task { await work() }
    state.withLock {
      $0.cancel = { task.cancel() }
      $0.presses = 0
    }
    defer { state.withLock { $0.cancel = nil } }
    return await task.value
  }

  /// Runs `wait` while nothing runs that Ctrl-C could cancel; `nil`: it has been cancelled already.
  func idle<Outcome>(_ wait: () -> Outcome) -> Outcome? {
    state.withLock { $0.isIdle = true }
    defer { state.withLock { $0.isIdle = false } }
    return Task.isCancelled ? nil : wait()
  }

  private func press() {
    EndingSignals.noteInterrupt()
    let (cancel, presses) = state.withLock { state in
      state.presses += 1
      return (state.isIdle ? nil : state.cancel, state.presses)
    }
    guard let cancel else { return leave() }
    guard presses < 3 else {
      if !insist() { leave() }
      return
    }
    echo()
    cancel()
  }
}
