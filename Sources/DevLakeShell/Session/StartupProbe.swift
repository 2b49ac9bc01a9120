import DevLakeKit
import Dispatch
import LineEditing
import ShellLanguage
import Synchronization

/// The first look at DevLake when a person's session begins.
///
/// It runs on other threads, so that a plugin that hangs keeps nobody from the prompt. What has come
/// is taken over when the main actor looks.
final class StartupProbe: Sendable {
  /// Whom to ask.
  enum Start: Sendable {
    case found(DevLakeInstance)
    /// An address someone gave: whether DevLake is there is asked together with the rest.
    case address(DevLakeClient, DevLakeInstance.Source)
  }

  /// The outcome.
  typealias Outcome = Result<(instance: DevLakeInstance, survey: Survey), Failure>

  private struct State {
    var instance: DevLakeInstance?
    var outcome: Outcome?
    /// Who is told of the outcome; `nil`: whoever waits for it asks.
    var listener: (@Sendable (Outcome) -> Void)?
    var task: Task<Void, Never>?
  }

  private let state = Mutex(State())
  private let end = DispatchSemaphore(value: 0)
  private let generation: Int
  private let limit: Duration

  /// Begins to ask.
  ///
  /// - Parameters:
  ///   - limit: How long a request may take; a plugin that takes longer is told as missing.
  ///   - generation: The state of the cache it is asked for.
  init(at start: Start, parallel: Int, limit: Duration, generation: Int) {
    self.generation = generation
    self.limit = limit
    let task = Task.detached { [self] in
      let outcome: Outcome
      do throws(Failure) {
        outcome = .success(try await look(from: start, parallel))
      } catch {
        outcome = .failure(error)
      }
      finish(outcome)
    }
    state.withLock { if $0.outcome == nil { $0.task = task } }
  }

  /// Waits for the outcome; when that takes longer, `listener` is told of it on some thread.
  func wait(_ patience: Duration, else listener: @escaping @Sendable (Outcome) -> Void) -> Outcome?
  {
    let (seconds, attoseconds) = patience.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    _ = end.wait(timeout: .now() + .microseconds(Int(microseconds)))
    return state.withLock { state in
      if state.outcome == nil { state.listener = listener }
      return state.outcome
    }
  }

  /// The DevLake that was found, as soon as it has told its version.
  var instance: DevLakeInstance? { state.withLock(\.instance) }

  /// Whether nothing more will come.
  var isOver: Bool { state.withLock { $0.outcome != nil } }

  /// What was found, for a cache in the state it was asked for.
  func survey(for generation: Int) -> Survey? {
    guard generation == self.generation else { return nil }
    return try? state.withLock(\.outcome)?.get().survey
  }

  /// Gives up what has not come; nobody is told.
  func cancel() {
    let task = state.withLock { state in
      state.listener = nil
      return state.task
    }
    task?.cancel()
  }

  private func look(
    from start: Start,
    _ parallel: Int
  ) async throws(Failure) -> (DevLakeInstance, Survey) {
    switch start {
    case .found(let found):
      note(found)
      return (
        found, try await survey(of: found, ConnectionSweep(limited(found.client)))
      )
    case .address(let client, let source):
      let client = limited(client)
      let guess = client.at(Discovery.guess(for: client.baseURL))
      async let sweep = ConnectionSweep(guess)
      let found = try await Session.probe(client, source)
      note(found)
      // Another one where `/api` belongs in front.
      guard found.url == guess.baseURL else {
        return try await look(from: .found(found), parallel)
      }
      return (found, try await survey(of: found, sweep))
    }

    func survey(
      of found: DevLakeInstance,
      _ sweep: ConnectionSweep
    ) async throws(Failure) -> Survey {
      let client = limited(found.client)
      return try Survey(await sweep.completed(by: client), of: client)
    }
  }

  private func limited(_ client: DevLakeClient) -> DevLakeClient {
    var client = client
    client.limits = DevLakeClient.Limits(all: limit)
    return client
  }

  private func note(_ instance: DevLakeInstance) { state.withLock { $0.instance = instance } }

  private func finish(_ outcome: Outcome) {
    let listener = state.withLock { state in
      state.outcome = outcome
      state.task = nil
      return state.listener
    }
    end.signal()
    listener?(outcome)
  }
}

extension Session {
  /// Where the first look begins; what must be asked of the person is asked here.
  func startupProbeStart() async throws(Failure) -> StartupProbe.Start {
    guard server.instance == nil, let address = try explicitAddress() else {
      return .found(try await connected())
    }
    let client = try await client(for: address.url, address.source)
    return .address(client, address.source)
  }

  /// Takes over what the first look has found by now.
  func takeStartupProbe() {
    if let survey = server.takeStartupProbe(for: inventory.generation) { inventory.take(survey) }
  }

  /// What is before what a person types: where they are.
  var prompt: String {
    var prompt = promptHead
    if let plugin = selectedPlugin { prompt += "/\(plugin.id)" }
    if let restriction { prompt += " (\(restriction))" }
    // Whoever has not answered yet may still do so.
    let isAway = server.instance.map { server.contact.isLost($0.url) } ?? !server.isAwaited
    if isAway { prompt += " (disconnected)" }
    return prompt + "> "
  }

  private var promptHead: String { instanceName.map { "devlake@\($0)" } ?? "devlake" }

  /// How the prompt tells that DevLake from the others: in the color its entry of instances.yaml has.
  ///
  /// One that was named by its URL is found there as well, as its restrictions are.
  var promptStyle: PromptStyle? {
    // A file that cannot be read is told where it matters.
    guard let instances = try? namedInstances() else { return nil }
    let named = instanceName.flatMap { instances[$0] }
    let url = server.instance?.url
    let color = named?.color ?? url.flatMap { instances.entries(at: $0).compactMap(\.color).first }
    return color.flatMap { PromptStyle.Color(rawValue: $0.rawValue) }.map {
      PromptStyle($0, length: promptHead.count)
    }
  }

  /// The name of the DevLake that the next command goes to, whether it answers or not.
  private var instanceName: String? {
    guard let source = server.instance?.source ?? server.named?.source else {
      return options.instanceName
    }
    if case .named(let name) = source { return name }
    return nil
  }
}
