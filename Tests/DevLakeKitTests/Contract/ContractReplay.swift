import DevLakeKit
import DevLakeSimulator
import Foundation
import Synchronization
import Testing

/// Replays a recording against a fresh simulator.
struct ContractReplay {
  /// What a case had to say.
  struct Outcome: Sendable {
    let name: String
    /// Empty when the simulator answered as recorded.
    let differences: [String]
  }

  private let simulator: Simulator
  private let client: SocketClient
  private let preparation: ContractPreparation
  private var ids = ContractIDs()

  private init(_ simulator: Simulator, _ preparation: ContractPreparation) throws {
    self.simulator = simulator
    self.preparation = preparation
    client = try SocketClient(simulator.url)
  }

  /// Replays a recording from its first line to its last.
  ///
  /// - Parameter era: The server it is held against; `nil`: the one it was made on.
  static func outcomes(of recording: String, on era: Era? = nil) async throws -> [Outcome] {
    let exchanges = try ContractExchange.all(of: recording)
    guard recording == "2026/auth" else {
      var preparation = ContractPreparation.of(recording)
      if let era { preparation.era = era }
      return try await outcomes(of: exchanges, preparation)
    }
    var outcomes: [Outcome] = []
    for (prefix, preparation) in ContractPreparation.doors {
      let part = exchanges.filter { $0.name.hasPrefix(prefix) }
      try #require(!part.isEmpty, "\(prefix)")
      outcomes += try await Self.outcomes(of: part, preparation)
    }
    try #require(outcomes.count == exchanges.count)
    return outcomes
  }

  private static func outcomes(
    of exchanges: [ContractExchange],
    _ preparation: ContractPreparation
  ) async throws -> [Outcome] {
    try await Simulator.with(
      seed: preparation.seed,
      era: preparation.era,
      login: preparation.login
    ) { simulator in
      try await withCheckedThrowingContinuation { continuation in
        // The recorded services are slow now and then: a thread of its own for each recording
        // lets all of them wait at the same time, and blocks none of the pool's.
        Thread.detachNewThread {
          continuation.resume(
            with: Result { try outcomes(of: exchanges, simulator, preparation) }
          )
        }
      }
    }
  }

  private static func outcomes(
    of exchanges: [ContractExchange],
    _ simulator: Simulator,
    _ preparation: ContractPreparation
  ) throws -> [Outcome] {
    var replay = try ContractReplay(simulator, preparation)
    for request in preparation.requests { _ = try replay.send(request) }
    return try exchanges.map { exchange in
      try replay.prepare(exchange.name)
      return Outcome(name: exchange.name, differences: try replay.play(exchange))
    }
  }

  private mutating func prepare(_ name: String) throws {
    guard let step = preparation.steps[name] else { return }
    if step.clears {
      for row in simulator.connections(step.plugin) {
        simulator.remove(step.plugin, try #require(row["id"]?.int))
      }
    }
    for (id, body) in step.creates {
      let created = try create(step.plugin, body, standingFor: id)
      // The row that poisons the list comes next, and its POST does not tell its id.
      if step.isMarker { try bind(step.plugin, id + 1, to: created + 1) }
    }
  }

  /// Makes a connection that the recording does not show being made.
  @discardableResult
  private mutating func create(
    _ plugin: String,
    _ body: JSONValue,
    standingFor id: Int
  ) throws -> Int {
    let reply = try send(
      ContractExchange.Sent(
        method: "POST",
        path: "/plugins/\(plugin)/connections",
        headers: [],
        body: Array(body.text.utf8)
      )
    )
    let created = try #require(try JSONValue(parsing: reply.body)["id"]?.int)
    try bind(plugin, id, to: created)
    return created
  }

  private mutating func bind(_ plugin: String, _ recorded: Int, to simulated: Int) throws {
    let isBound = ids.bind(plugin, recorded, to: simulated)
    try #require(isBound, "\(plugin)/\(recorded) is bound already")
  }

  private func send(_ request: ContractExchange.Sent) throws -> SocketClient.Reply {
    try client.send(
      request.method,
      ids.path(request.path),
      headers: request.headers.map { (name: $0.name, value: ids.header($0.value)) },
      body: request.body
    )
  }

  private mutating func play(_ exchange: ContractExchange) throws -> [String] {
    guard exchange.requests.count > 1 else {
      return try compare(exchange.answers[0], send(exchange.requests[0]), exchange.requests[0])
    }
    return try playAtOnce(exchange)
  }

  /// Which of requests sent at once wins is open: the one that the recording shows to have won is
  /// sent last, and answers are compared in the order of their statuses.
  private mutating func playAtOnce(_ exchange: ContractExchange) throws -> [String] {
    let first = exchange.requests[0]
    guard let final = exchange.final else {
      let replies = try sendAtOnce(exchange.requests).sorted { $0.status < $1.status }
      let answers = exchange.answers.sorted { $0.status < $1.status }
      return try zip(answers, replies).flatMap { try compare($0, $1, first) }
    }
    let parts = first.path.split(separator: "/")
    let id = try #require(Int(parts[parts.count - 1]))
    // The connection that all of them change was made just before.
    try create(String(parts[1]), JSONValue(parsing: first.body ?? []), standingFor: id)
    var pairs = Array(zip(exchange.requests, exchange.answers))
    let rate = final.body?["rateLimitPerHour"]
    if let winner = pairs.firstIndex(where: { $0.1.body?["rateLimitPerHour"] == rate }) {
      pairs.append(pairs.remove(at: winner))
    }
    var differences = try pairs.flatMap { try compare($0.1, send($0.0), $0.0) }
    let get = ContractExchange.Sent(method: "GET", path: first.path, headers: [], body: nil)
    differences += try compare(final, send(get), get)
    return differences
  }

  private func sendAtOnce(_ requests: [ContractExchange.Sent]) throws -> [SocketClient.Reply] {
    let results = Mutex<[Result<SocketClient.Reply, any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: requests.count) { index in
      let result = Result { try send(requests[index]) }
      results.withLock { $0.append(result) }
    }
    return try results.withLock { try $0.map { try $0.get() } }
  }

  private mutating func compare(
    _ recorded: ContractExchange.Received,
    _ reply: SocketClient.Reply,
    _ request: ContractExchange.Sent
  ) throws -> [String] {
    var differences: [String] = []
    if recorded.status != reply.status {
      differences.append("status: recorded \(recorded.status), now \(reply.status)")
    }
    let type = reply.header("content-type")
    if recorded.contentType != type {
      differences.append(
        "content type: recorded \(recorded.contentType ?? "none"), now \(type ?? "none")"
      )
    }
    guard let body = recorded.body else {
      if !reply.body.isEmpty, request.method != "HEAD", recorded.contentType == nil {
        differences.append("body: recorded none, now \(reply.text.prefix(400))")
      }
      return differences
    }
    let simulated = (try? JSONValue(parsing: reply.body)) ?? .string(reply.text)
    var comparison = ContractComparison(path: request.path, ids: ids)
    comparison.compare(body, simulated)
    ids = comparison.ids
    return differences + comparison.differences
  }
}
