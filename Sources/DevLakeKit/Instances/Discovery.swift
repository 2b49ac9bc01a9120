/// A DevLake that was found, and how.
public struct DevLakeInstance: Sendable {
  /// The address in front of its routes; the one that is trusted, shown and asked.
  public let url: ServerURL
  /// What named it.
  public let source: Source
  /// Its version, as it says.
  public let version: String
  /// Talks to it.
  public let client: DevLakeClient

  /// What named an instance.
  public enum Source: Sendable, Equatable, CustomStringConvertible {
    /// The caller, with a word for where it has the URL from, such as an option.
    case given(String)
    case variable(String)
    case stateFile(path: String)
    case named(String)
    case localPort
    case configUI

    /// For people: the caller's word, `$DEVLAKE_URL`, the file's path, `local port`.
    public var description: String {
      switch self {
      case .given(let word): word
      case .variable(let name): "$\(name)"
      case .stateFile(let path): path
      case .named(let name): "instance \(name)"
      case .localPort: "local port"
      case .configUI: "config-ui"
      }
    }
  }

  /// Creates a DevLake instance with what was found.
  public init(source: Source, version: String, client: DevLakeClient) {
    url = client.baseURL
    self.source = source
    self.version = version
    self.client = client
  }
}

/// Finds out what answers at a URL, and where no URL is given, where DevLake is.
public struct Discovery: Sendable {
  /// The addresses DevLake has on this machine when nothing else is known, in the order tried: the
  /// API's usual ports, then config-ui's way to it.
  public static let localAddresses: [ServerURL] = [
    .local(8080), .local(8085), .local(4000, "/api"),
  ]

  private let client: DevLakeClient

  /// Creates a discovery with a client whose access, limits and transport are used; its URL is not.
  public init(client: DevLakeClient) { self.client = client }

  /// Asks for the version at `url`, and below `/api`, where config-ui has DevLake's API.
  ///
  /// `/rest` at the end is DevLake's door for keys. It is the client that puts it in front of a route:
  /// keys are scoped, and most may not ask for the version there.
  ///
  /// - Throws: Why neither is DevLake: the more telling of the two reasons.
  public func probe(
    _ url: ServerURL,
    source: DevLakeInstance.Source
  ) async throws(APIError) -> DevLakeInstance {
    guard let front = url.inFrontOfKeys else { return try await probe(at: url, source) }
    do throws(APIError) {
      return try await probe(at: front, source)
    } catch {
      guard Self.mayLackPrefix(error) else { throw error }
      let direct = client.at(url)
      do throws(APIError) {
        return instance(direct, source, try await direct.version())
      } catch _ {
        // What is in front of the door says more than the door.
        throw error
      }
    }
  }

  /// The address whose routes are asked for before it is known what answers at `url`.
  public static func guess(for url: ServerURL) -> ServerURL { url.inFrontOfKeys ?? url }

  private func probe(
    at url: ServerURL,
    _ source: DevLakeInstance.Source
  ) async throws(APIError) -> DevLakeInstance {
    let direct = client.at(url)
    do throws(APIError) {
      return instance(direct, source, try await direct.version())
    } catch {
      if case .unauthorized(status: 401, _) = error.kind, client.access.apiKey != nil {
        return try await probeBehindLogin(direct, source)
      }
      guard Self.mayLackPrefix(error) else { throw error }
      let prefixed = client.at(direct.baseURL.withOtherPrefix)
      do throws(APIError) {
        return instance(prefixed, source, try await prefixed.version())
      } catch let second {
        if second.isAnswer, await direct.isGrafana() {
          throw APIError(.foreign(reason: Self.grafana), call: error.call)
        }
        throw Self.telling(error, second)
      }
    }
  }

  /// Asks the addresses of this machine in parallel; the first in order that answers counts.
  ///
  /// - Returns: The instance, or for each address why it is none.
  public func probeLocal() async -> (
    found: DevLakeInstance?, tried: [(url: ServerURL, reason: APIError)]
  ) {
    let results = await withTaskGroup(
      of: (Int, Result<DevLakeInstance, APIError>).self
    ) { group in
      for (index, address) in Self.localAddresses.enumerated() {
        group.addTask {
          let source: DevLakeInstance.Source = address.hasAPIPrefix ? .configUI : .localPort
          let direct = client.at(address)
          let outcome = await Result(awaiting: { () async throws(APIError) in
            instance(direct, source, try await direct.version())
          })
          return (index, outcome)
        }
      }
      var results: [(Int, Result<DevLakeInstance, APIError>)] = []
      for await result in group { results.append(result) }
      return results.sorted { $0.0 < $1.0 }
    }
    var tried: [(url: ServerURL, reason: APIError)] = []
    for (index, result) in results {
      switch result {
      case .success(let instance): return (instance, tried)
      case .failure(let reason): tried.append((Self.localAddresses[index], reason))
      }
    }
    return (nil, tried)
  }

  /// config-ui lets keys through its login, below `/api/rest` only.
  private func probeBehindLogin(
    _ direct: DevLakeClient,
    _ source: DevLakeInstance.Source
  ) async throws(APIError) -> DevLakeInstance {
    let base = direct.baseURL
    let prefixed = base.hasAPIPrefix ? direct : client.at(base.withOtherPrefix)
    return instance(prefixed, source, try await prefixed.versionBehindKey())
  }

  private static let grafana =
    "that is Grafana; DevLake's API is on another port, 8080 by default"

  private func instance(
    _ client: DevLakeClient,
    _ source: DevLakeInstance.Source,
    _ version: String
  ) -> DevLakeInstance {
    DevLakeInstance(source: source, version: version, client: client)
  }

  private static func mayLackPrefix(_ error: APIError) -> Bool {
    switch error.kind {
    case .noRoute, .foreign, .unexpected, .refused(status: 404, _, _), .gateway(status: 404, _):
      true
    case .transport, .refused, .gateway, .unauthorized, .migration, .databaseAway, .brokenDown:
      false
    }
  }

  /// A page that wants a login below `/api` says more than a missing route above it.
  private static func telling(_ direct: APIError, _ prefixed: APIError) -> APIError {
    switch (direct.kind, prefixed.kind) {
    case (_, .unauthorized), (_, .migration): prefixed
    // config-ui answers any other path with its page, and 502 when DevLake behind it is away.
    case (.foreign(let above), .foreign(let below)) where above != below: prefixed
    case (.noRoute, _), (.refused, _), (.gateway(status: 404, _), _):
      APIError(
        .foreign(reason: "a server responds there, but it is not DevLake's API"),
        call: direct.call
      )
    case (.unexpected, _):
      APIError(.foreign(reason: "the server there is not DevLake"), call: direct.call)
    default: direct
    }
  }
}

extension APIError {
  /// Whether something answered, whatever it is.
  fileprivate var isAnswer: Bool {
    if case .transport = kind { false } else { true }
  }
}
