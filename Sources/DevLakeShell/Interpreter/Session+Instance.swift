import DevLakeKit
import ShellLanguage

extension Session {
  /// The DevLake to talk to; found when it is first needed, in the documented order: `--url`,
  /// `$DEVLAKE_URL`, `--instance`, state files of the folder, this machine's ports, config-ui.
  func connected() async throws(Failure) -> DevLakeInstance {
    if let instance { return instance.limited(to: limits, observe: nil) }
    let found = try await discover()
    instance = found
    return found.limited(to: limits, observe: nil)
  }

  /// Does administration on the DevLake in use.
  func administrator() async throws(Failure) -> Administrator {
    Administrator(client: try await connected().client)
  }

  var limits: DevLakeClient.Limits {
    (commandTimeout ?? settings.timeout).map { .init(all: $0) } ?? .init()
  }

  /// Forgets the DevLake in use and everything seen of it.
  func disconnect() {
    arrival?.cancel()
    arrival = nil
    instance = nil
    cache.drop()
  }

  private func discover() async throws(Failure) -> DevLakeInstance {
    if let named = try explicitAddress() { return try await probe(named.url, named.source) }
    var passed: [String] = []
    for candidate in stateFileAddresses(&passed) {
      do throws(Failure) {
        try await confirmTrust(in: candidate.url, from: candidate.path)
        return try await probe(candidate.url, .stateFile(path: candidate.path))
      } catch {
        if error.exitCode == .unasked || error.diagnostic.code == .interrupted { throw error }
        passed.append("\(candidate.url) (\(candidate.path)): \(error.diagnostic.message)")
        conversation.warn(error.diagnostic.message)
      }
    }
    guard world.probesLocalAddresses else { throw notFound(passed) }
    let local = try await client(for: "http://localhost", .localPort)
    let (found, tried) = await Discovery(client: local).probeLocal()
    if let found { return found }
    passed += tried.map { "\($0.url): \($0.reason.description)" }
    if let telling = tried.first(where: { $0.reason.kindIsTelling }) {
      throw Failure(telling.reason, doing: telling.url)
    }
    throw notFound(passed)
  }

  private func notFound(_ passed: [String]) -> Failure {
    Failure(
      Diagnostic(
        code: .unreachable,
        message: "no DevLake found: asked $DEVLAKE_URL, the state files of this folder, "
          + Discovery.localAddresses.joined(separator: ", "),
        help: "start DevLake, or name it with --url URL",
        detail: passed.joined(separator: "\n")
      ),
      exitCode: .unreachable
    )
  }

  /// An address somebody named on purpose.
  func explicitAddress() throws(Failure) -> (url: String, source: DevLakeInstance.Source)? {
    if let namedAddress { return namedAddress }
    warnIfInstanceIsPassedOver()
    if let url = options.url { return (url, .option) }
    if let url = world.environment["DEVLAKE_URL"], !url.isEmpty {
      guard URLText.isUsable(url) else {
        throw .invalid(
          "$DEVLAKE_URL is no URL: '\(URLText.shown(url))'",
          help: "set it to something like http://localhost:8080"
        )
      }
      return (url, .variable("DEVLAKE_URL"))
    }
    if let name = options.instanceName {
      return (try namedInstance(name).url, .named(name))
    }
    return nil
  }

  private func warnIfInstanceIsPassedOver() {
    guard let name = options.instanceName else { return }
    let variable = world.environment["DEVLAKE_URL"] ?? ""
    guard options.url != nil || !variable.isEmpty else { return }
    warnOnce(
      "--instance \(name) is not used: \(options.url != nil ? "--url" : "$DEVLAKE_URL") comes first"
    )
  }

  private func stateFileAddresses(_ passed: inout [String]) -> [(url: String, path: String)] {
    let (entries, problems) = stateFiles.read()
    for problem in problems { warnOnce(problem.description) }
    return entries.compactMap { entry in entry.file.backend.map { ($0, entry.path) } }
  }

  /// Asks what answers at `url`.
  func probe(
    _ url: String,
    _ source: DevLakeInstance.Source
  ) async throws(Failure) -> DevLakeInstance {
    try await Self.probe(try await client(for: url, source), source)
  }

  /// Asks what answers at a client's URL.
  static func probe(
    _ client: DevLakeClient,
    _ source: DevLakeInstance.Source
  ) async throws(Failure) -> DevLakeInstance {
    do throws(APIError) {
      return try await Discovery(client: client).probe(client.baseURL, source: source)
    } catch {
      if error.isCancellation { throw .interrupted }
      throw Failure(error, doing: "\(client.baseURL) (\(source))").atDiscovery
    }
  }

  /// A client with the session's access and transport.
  func client(
    for url: String,
    _ source: DevLakeInstance.Source
  ) async throws(Failure) -> DevLakeClient {
    let address = URLText.completed(url)
    let named = try named(by: source)
    var transport = TransportOptions()
    transport.acceptsAnyCertificate = options.isInsecure
    transport.certificateFile = try certificateFile(named)
    if transport.certificateFile == nil, !options.isInsecure, address.hasPrefix("https://") {
      transport.certificateVariables = certificateVariables
    }
    do throws(ProxyMistake) {
      transport.proxy = try ProxyVariables(environment: world.environment).proxy(for: address)
    } catch {
      throw .invalid(error.description, help: "mend it, or name the host in $NO_PROXY")
    }
    return DevLakeClient(
      baseURL: URLText.shown(address),
      transport: world.transport(transport),
      access: try await access(for: address, named: named),
      limits: limits,
      redactor: redactor,
      observe: observer
    )
  }

  /// The CAs of `$SSL_CERT_FILE` and `$SSL_CERT_DIR`; one that cannot be read is warned of.
  private var certificateVariables: CertificateVariables {
    let variables = CertificateVariables(
      environment: world.environment,
      folder: world.workingDirectory
    )
    for problem in variables.problems { warnOnce(problem) }
    return variables
  }

  /// Told of every request: whether DevLake is there, and a line on standard error when that is
  /// wanted.
  private var observer: @Sendable (DevLakeClient.Exchange) -> Void {
    let contact = contact
    guard settings.isVerbose else { return { contact.note($0) } }
    let conversation = conversation
    return { exchange in
      contact.note(exchange)
      let outcome =
        exchange.status.map { "\($0), \(exchange.length) bytes" }
        ?? exchange.error?.description ?? "no answer"
      let time = exchange.duration.components
      let milliseconds =
        time.seconds * 1000 + time.attoseconds / 1_000_000_000_000_000
      conversation.note("\(exchange.call): \(outcome), \(milliseconds) ms")
    }
  }
}

extension DevLakeInstance {
  /// The same instance with other limits.
  fileprivate func limited(
    to limits: DevLakeClient.Limits,
    observe: (@Sendable (DevLakeClient.Exchange) -> Void)?
  ) -> DevLakeInstance {
    var client = client
    client.limits = limits
    return DevLakeInstance(url: url, source: source, version: version, client: client)
  }
}

extension Failure {
  /// Whatever keeps the shell from finding DevLake is exit 3, but for the caller's own doing.
  fileprivate var atDiscovery: Failure {
    var failure = self
    switch exitCode {
    case .interrupted, .timeout, .unasked: break
    default: failure.exitCode = .unreachable
    }
    if failure.diagnostic.code == .notFound || failure.diagnostic.code == .refused {
      failure.diagnostic.code = .unreachable
    }
    return failure
  }
}

extension APIError {
  /// Whether this says more than that nobody is there.
  fileprivate var kindIsTelling: Bool {
    switch kind {
    case .unauthorized, .migration: true
    default: false
    }
  }
}
