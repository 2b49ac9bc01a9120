public import DevLakeKit
import NIOCore
import NIOHTTP1
import NIOPosix

/// A DevLake for tests, demo and benchmarks, serving on the loopback interface.
///
///     try await Simulator.with(seed: .demo) { simulator in
///       // requests to simulator.url
///     }
public final class Simulator: Sendable {
  /// Where it is served, as `http://127.0.0.1:41234`.
  public let url: String
  private let server: RequestServer
  private let listener: any Channel

  private init(port: Int, server: RequestServer, listener: any Channel) {
    url = "http://127.0.0.1:\(port)"
    self.server = server
    self.listener = listener
  }

  /// Starts a simulator; the caller stops it.
  ///
  /// - Parameters:
  ///   - port: The port, 0 for a free one.
  ///   - seed: What it holds at the beginning.
  ///   - era: Which DevLake it is.
  ///   - login: How it lets people in.
  ///   - latency: What every answer is delayed by.
  ///   - faults: What goes wrong.
  ///   - log: A file that gets a JSON line per request; ``requests`` is empty then.
  /// - Throws: ``SimulatorError`` when it cannot listen, or read the seed.
  public static func start(
    port: Int = 0,
    seed: Seed = .empty,
    era: Era = .september2026,
    login: LoginDoor = .off,
    latency: Duration = .zero,
    faults: [FaultRule] = [],
    log: String? = nil
  ) async throws -> Simulator {
    var devLake = try seed.devLake(era: era)
    devLake.login = login
    let server = RequestServer(
      devLake: devLake,
      latency: latency,
      faults: faults,
      log: try RequestLog(file: log)
    )
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withErrorHandling: false
          )
          try channel.pipeline.syncOperations.addHandler(RequestHandler(server: server))
        }
      }
    let listener: any Channel
    do {
      listener = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
    } catch {
      throw SimulatorError.unusablePort("port \(port): \(error)")
    }
    server.onRefuse { rest in listener.close().whenComplete { _ in rest() } }
    return Simulator(
      port: listener.localAddress?.port ?? port,
      server: server,
      listener: listener
    )
  }

  /// Runs `body` with a simulator that is stopped afterwards.
  public static func with<Result>(
    seed: Seed = .empty,
    era: Era = .september2026,
    login: LoginDoor = .off,
    latency: Duration = .zero,
    faults: [FaultRule] = [],
    _ body: (Simulator) async throws -> Result
  ) async throws -> Result {
    let simulator = try await start(
      seed: seed,
      era: era,
      login: login,
      latency: latency,
      faults: faults
    )
    do {
      let result = try await body(simulator)
      await simulator.stop()
      return result
    } catch {
      await simulator.stop()
      throw error
    }
  }

  /// Stops listening; connections that are open stay so until the client leaves.
  public func stop() async {
    // A listener that a fault has closed already is as good.
    try? await listener.close()
  }

  /// The requests so far.
  public var requests: [LoggedRequest] { server.log.all }

  /// Puts other faults in force; the counting of matching requests starts again.
  public func setFaults(_ rules: [FaultRule]) { server.setFaults(rules) }

  /// What state the service is in.
  public var state: ServiceState {
    get { server.withDevLake { $0.state } }
    set { server.withDevLake { $0.state = newValue } }
  }

  /// The stored connections of a plugin, by id, with the secrets DevLake really holds: `id`,
  /// `name`, every field, `createdAt`, `updatedAt`.
  public func connections(_ plugin: String) -> [JSONObject] {
    server.withDevLake { devLake in
      (devLake.tables[plugin]?.all ?? []).sorted { $0.id < $1.id }.map { row in
        var object = JSONObject([("id", .integer(row.id))])
        for member in row.values.members { object[member.key] = member.value }
        object["createdAt"] = row.createdAt.stored
        object["updatedAt"] = row.updatedAt.stored
        return object
      }
    }
  }

  /// Changes stored fields behind the clients' backs, as another administrator would.
  public func change(_ plugin: String, _ id: Int, _ fields: JSONObject) {
    server.withDevLake { devLake in
      guard var values = devLake.tables[plugin]?[id]?.values else { return }
      for member in fields.members { values[member.key] = member.value }
      devLake.tables[plugin]?.update(id, with: values)
    }
  }

  /// The blueprints as answers show them, oldest first.
  public var blueprints: [JSONValue] { server.withDevLake { $0.blueprints.map { $0.shown() } } }

  /// The ids of a connection's scopes.
  public func scopes(_ plugin: String, _ connection: Int) -> [String] {
    server.withDevLake { devLake in
      devLake.scopes.filter { $0.plugin == plugin && $0.connection == connection }.map(\.id)
    }
  }

  /// Takes a scope away from under the blueprints that name it, as an older DevLake let happen.
  public func removeScope(_ plugin: String, _ connection: Int, _ id: String) {
    server.withDevLake { devLake in
      devLake.scopes.removeAll {
        $0.plugin == plugin && $0.connection == connection && $0.id == id
      }
    }
  }

  /// Ends every pipeline that runs, as its tasks' end would.
  public func endPipelines() {
    server.withDevLake { devLake in
      for index in devLake.pipelines.indices where devLake.pipelines[index].isRunning {
        devLake.pipelines[index].status = .completed
      }
    }
  }

  /// Begins to run a pipeline without tasks, as a blueprint's schedule would.
  public func beginPipeline(_ name: String) {
    server.withDevLake { devLake in
      _ = devLake.addPipeline(name: name, plan: [], blueprint: 0, status: .running)
    }
  }

  /// Removes a stored connection behind the clients' backs.
  public func remove(_ plugin: String, _ id: Int) {
    server.withDevLake { $0.tables[plugin]?.remove(id) }
  }
}

/// Why a simulator cannot start.
public enum SimulatorError: Error, Sendable, CustomStringConvertible {
  /// The port is taken, or not ours to use.
  case unusablePort(String)
  /// The log cannot be opened.
  case unwritableLog(String)
  /// The seed file cannot be read, or is not what a seed is.
  case unusableSeed(String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .unusablePort(let text): "cannot listen on \(text)"
    case .unwritableLog(let text): "cannot write the log \(text)"
    case .unusableSeed(let text): "cannot use the seed \(text)"
    }
  }
}
