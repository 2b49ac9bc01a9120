/// A transport that sends nothing which changes a read-only DevLake.
///
/// It is the one place all requests of a session pass, so that no command can forget to ask. What
/// reads goes through: `GET`, but for the migration DevLake runs by one; and the tests of connections
/// where the caller allows them, by ``DevLakeClient/allowingTests``.
package struct ReadOnlyTransport: HTTPTransport {
  private let transport: any HTTPTransport
  private let isReadOnly: Bool
  private let reason: String?
  private let instances: NamedInstances?
  fileprivate var allowsTests = false

  /// Wraps a transport.
  ///
  /// - Parameters:
  ///   - transport: What carries the requests that go through.
  ///   - isReadOnly: Whether every server is read-only; otherwise those are that `instances` marks.
  ///   - reason: What made every server read-only, for the message.
  ///   - instances: The named instances, some of which may be read-only.
  package init(
    _ transport: any HTTPTransport,
    isReadOnly: Bool,
    because reason: String? = nil,
    instances: NamedInstances?
  ) {
    self.transport = transport
    self.isReadOnly = isReadOnly
    self.reason = reason
    self.instances = instances
  }

  /// Sends what may be sent.
  ///
  /// - Throws: ``TransportError/readOnly(instance:)`` for anything else, before it is sent.
  package func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    if Self.mayChange(request, allowsTests) {
      if isReadOnly {
        let address = ServerURL.address(ofRequest: request.url)
        throw .readOnly(instance: address + (reason.map { " (\($0))" } ?? ""))
      }
      if let name = instances?.readOnlyName(for: request.url) {
        throw .readOnly(instance: "'\(name)'")
      }
    }
    return try await transport.send(request, within: limit)
  }

  private static func mayChange(_ request: HTTPRequest, _ allowsTests: Bool) -> Bool {
    let path = request.url.prefix { $0 != "?" && $0 != "#" }
    // DevLake decodes a path before it looks for the route.
    let parts = path.split(separator: "/").map { $0.pathDecoded }
    switch request.method {
    case "GET": return parts.last?.lowercased() == "proceed-db-migration"
    case "POST" where parts.last == "test":
      let isTest =
        parts.suffix(3).first == "plugins"
        || (parts.suffix(5).first == "plugins" && parts.suffix(3).first == "connections")
      return !(isTest && allowsTests)
    default: return true
    }
  }
}

extension DevLakeClient {
  /// The same client, by which connections of a read-only DevLake can be tested.
  package var allowingTests: DevLakeClient {
    guard var gate = transport as? ReadOnlyTransport else { return self }
    gate.allowsTests = true
    var client = self
    client.transport = gate
    return client
  }
}
