import DevLakeKit
import ShellLanguage

extension Session {
  /// The DevLake to talk to; found when it is first needed, in the documented order: `--url` or
  /// `--instance`, `$DEVLAKE_URL`, state files of the folder, this machine's ports, config-ui.
  func connected() async throws(Failure) -> DevLakeInstance {
    let found: DevLakeInstance
    if let instance = server.instance {
      found = instance
    } else {
      found = try await discover()
      server.found(found)
    }
    let usable = within(scope, found)
    await settleOpenAttempts(on: usable)
    return usable
  }

  /// Does administration on the DevLake in use.
  func administrator() async throws(Failure) -> Administrator {
    Administrator(client: try await connected().client)
  }

  var limits: DevLakeClient.Limits {
    (scope.timeout ?? settings.timeout).map { .init(all: $0) } ?? .init()
  }

  /// How the sentence about a change ends: with the DevLake it was made in, where that has a name or
  /// is not this machine's.
  var placeOfChanges: String {
    guard let instance = server.instance else { return "" }
    if case .named(let name) = instance.source { return " on \(name)" }
    return instance.url.isLoopback ? "" : " on \(instance.url)"
  }

  /// A DevLake as the command may use it.
  private func within(_ scope: CommandScope, _ instance: DevLakeInstance) -> DevLakeInstance {
    DevLakeInstance(
      source: instance.source,
      version: instance.version,
      client: within(scope, instance.client)
    )
  }

  /// A client as the command may use it: within its limits, and with tests where it is `test`.
  func within(_ scope: CommandScope, _ client: DevLakeClient) -> DevLakeClient {
    var client = scope.allowsTests ? client.allowingTests : client
    client.limits = limits
    return client
  }

  private func discover() async throws(Failure) -> DevLakeInstance {
    if let named = try explicitAddress() { return try await probe(named.url, named.source) }
    var passed: [String] = []
    for candidate in try stateFileAddresses() {
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
    let local = try await client(for: Discovery.localAddresses[0], .localPort)
    let (found, tried) = await Discovery(client: local).probeLocal()
    if let found { return found }
    passed += tried.map { "\($0.url): \($0.reason.description)" }
    if let telling = tried.first(where: { $0.reason.kindIsTelling }) {
      throw Failure(telling.reason, doing: telling.url.text)
    }
    throw notFound(passed)
  }

  private func notFound(_ passed: [String]) -> Failure {
    Failure(
      Diagnostic(
        code: .unreachable,
        message: "no DevLake found: asked $DEVLAKE_URL, the state files of this folder, "
          + Discovery.localAddresses.map(\.text).joined(separator: ", "),
        help: "start DevLake, or use --url URL",
        detail: passed.joined(separator: "\n")
      ),
      exitCode: .unreachable
    )
  }

  /// An address someone named on purpose: an option is before a variable.
  func explicitAddress() throws(Failure) -> (url: ServerURL, source: DevLakeInstance.Source)? {
    if let named = server.named { return named }
    if let url = options.url { return (url, .option) }
    if let name = options.instanceName { return (try namedInstance(name).url, .named(name)) }
    guard let text = world.environment["DEVLAKE_URL"], !text.isEmpty else { return nil }
    do throws(ServerURLMistake) {
      return (try ServerURL(typed: text), .variable("DEVLAKE_URL"))
    } catch {
      throw .invalid(
        "$DEVLAKE_URL: \(error.description)",
        help: "set it to something like http://localhost:8080"
      )
    }
  }

  /// The addresses of the folder's state files.
  ///
  /// One that cannot be used is no reason to go on to another DevLake than the file is about.
  private func stateFileAddresses() throws(Failure) -> [(url: ServerURL, path: String)] {
    let (entries, problems) = journal.stateFiles.read()
    for problem in problems { warnOnce(problem.description) }
    var addresses: [(url: ServerURL, path: String)] = []
    for entry in entries {
      do throws(ServerURLMistake) {
        if let url = try entry.file.backend() { addresses.append((url, entry.path)) }
      } catch {
        throw .invalid(
          "'\(entry.path)': \(error.description)",
          help: "fix 'endpoints.backend' there, or use --url URL"
        )
      }
    }
    return addresses
  }

  /// Asks what answers at `url`.
  func probe(
    _ url: ServerURL,
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
    for url: ServerURL,
    _ source: DevLakeInstance.Source
  ) async throws(Failure) -> DevLakeClient {
    let named = try named(by: source)
    var transport = TransportOptions()
    transport.acceptsAnyCertificate = options.isInsecure
    transport.certificateFile = try certificateFile(named)
    if transport.certificateFile == nil, !options.isInsecure, url.scheme == .https {
      transport.certificateVariables = certificateVariables
    }
    do throws(ProxyMistake) {
      transport.proxy = try ProxyVariables(environment: world.environment).proxy(for: url)
    } catch {
      throw .invalid(error.description, help: "fix it, or add the host to $NO_PROXY")
    }
    return DevLakeClient(
      baseURL: url,
      transport: try self.transport(transport),
      access: try await access(for: url, named: named),
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
    let contact = server.contact
    guard settings.isVerbose else { return { contact.note($0) } }
    let conversation = conversation
    return { exchange in
      contact.note(exchange)
      let outcome =
        exchange.status.map { "\($0), \(exchange.length) bytes" }
        ?? exchange.error.map { error in
          error.description + (error.detail.map { " (\(ServerText.line($0)))" } ?? "")
        } ?? "no answer"
      let time = exchange.duration.components
      let milliseconds =
        time.seconds * 1000 + time.attoseconds / 1_000_000_000_000_000
      conversation.note("\(exchange.call): \(outcome), \(milliseconds) ms")
    }
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

extension DevLakeInstance.Source {
  static let option = Self.given("--url")
  static let command = Self.given("connect")
}
