import DevLakeKit
import NIOCore
import Synchronization

/// Answers requests from the simulated DevLake and plays the faults that are due.
final class RequestServer: Sendable {
  private struct State: Sendable {
    var devLake: DevLake
    var faults: FaultPlan
  }

  let log: RequestLog
  private let latency: Duration
  private let state: Mutex<State>
  private let refuse: Mutex<Refusal?> = Mutex(nil)

  /// Closes the listener, then does the rest.
  typealias Refusal = @Sendable (_ rest: @escaping @Sendable () -> Void) -> Void

  init(devLake: DevLake, latency: Duration, faults: [FaultRule], log: RequestLog) {
    self.latency = latency
    self.log = log
    state = Mutex(State(devLake: devLake, faults: FaultPlan(faults)))
  }

  /// Reads or changes what DevLake holds.
  func withDevLake<Result: Sendable>(_ work: @Sendable (inout DevLake) -> Result) -> Result {
    state.withLock { work(&$0.devLake) }
  }

  /// Puts other rules in force; counting starts again.
  func setFaults(_ rules: [FaultRule]) { state.withLock { $0.faults = FaultPlan(rules) } }

  /// What closes the listener, for ``Fault/refuse``.
  func onRefuse(_ action: @escaping Refusal) { refuse.withLock { $0 = action } }

  /// Answers a request.
  func serve(_ request: Request, _ delivery: Delivery) {
    let start = LoggedRequest.now()
    let (fault, answer, other) = state.withLock { state -> (Fault?, Answer?, Answer?) in
      let fault = state.faults.fault(method: request.method, path: request.path)
      let other = fault?.otherAnswer(to: request, of: &state.devLake)
      guard fault?.carriesOut ?? true else { return (fault, nil, other) }
      return (fault, state.devLake.respond(to: request), other)
    }
    let exchange = Exchange(request: request, start: start, log: log, delivery: delivery)
    if let fault {
      play(fault, answer, other, exchange)
    } else if let answer {
      deliver(answer, exchange, after: latency)
    }
  }

  private func deliver(_ answer: Answer, _ exchange: Exchange, after delay: Duration) {
    let delay = delay + answer.delay
    guard !answer.hangs else {
      exchange.note(status: nil)
      return
    }
    exchange.after(delay) {
      exchange.note(status: answer.status)
      exchange.delivery.send(answer)
    }
  }

  /// - Parameter other: What another row, or an earlier state, answers.
  private func play(
    _ fault: Fault,
    _ answer: Answer?,
    _ other: Answer?,
    _ exchange: Exchange
  ) {
    let delivery = exchange.delivery
    switch fault {
    case .afterwards(let fault): play(fault, answer, other, exchange)
    case .slow(let milliseconds):
      guard let answer else { return }
      deliver(answer, exchange, after: latency + .milliseconds(milliseconds))
    case .cut(let count):
      guard let answer else { return }
      exchange.after(latency) {
        exchange.note(status: answer.status)
        delivery.send(answer, cutAfter: count)
      }
    case .hang: exchange.note(status: nil)
    case .reset:
      exchange.note(status: nil)
      delivery.reset()
    case .close:
      exchange.note(status: nil)
      delivery.close()
    case .refuse:
      exchange.note(status: nil)
      // The client must not learn of it before the listener is gone.
      refuse.withLock { $0 }? { delivery.close() }
    default:
      guard let answer = other ?? fault.answer(to: exchange.request) else { return }
      deliver(answer, exchange, after: latency)
    }
  }
}

/// A request under way.
private struct Exchange: Sendable {
  let request: Request
  let start: Double
  let log: RequestLog
  let delivery: Delivery

  /// Logs the request; called before the first byte of the answer goes out.
  func note(status: Int?) {
    log.append(
      LoggedRequest(
        method: request.method,
        path: request.path,
        query: request.query,
        headers: request.headers,
        body: request.loggedBody,
        status: status,
        start: start,
        end: LoggedRequest.now()
      )
    )
  }

  func after(_ delay: Duration, _ work: @escaping @Sendable () -> Void) {
    guard delay > .zero else { return work() }
    delivery.channel.eventLoop.scheduleTask(in: TimeAmount(delay), work)
  }
}

extension Request {
  /// The body as the log has it.
  fileprivate var loggedBody: JSONValue {
    if body.isEmpty { return nil }
    return (try? JSONValue(parsing: body)) ?? .string(String(decoding: body, as: UTF8.self))
  }
}
