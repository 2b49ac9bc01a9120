import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds out why a certificate was refused: a second handshake, in which nothing is sent, gets the
/// certificates, and their fields tell the reason.
///
/// BoringSSL says "verification failed" of all of them, and the client has no hook for its result. The
/// handshake always ends with a refusal of ours.
struct TLSDiagnosis {
  let loops: any EventLoopGroup
  let options: TransportOptions

  /// What NIOSSL's error means; `look` gets the server's certificates where they tell more.
  func failure(
    _ error: any Error,
    _ look: () async -> [NIOSSLCertificate]?
  ) async -> TLSFailure {
    if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
      let leaf = await look()?.first.flatMap(Self.fields)
      return .wrongHost(names: leaf?.hosts ?? [])
    }
    let text = String(describing: error)
    guard text.contains("CERTIFICATE_VERIFY_FAILED") else { return Self.named(text) }
    guard let chain = await look(), !chain.isEmpty else {
      return .other(reason: "the server's certificate is not accepted")
    }
    return Self.failure(chain, trusting: trusted, options.certificateFile)
  }

  /// Why a chain is refused; its first certificate is the server's own.
  ///
  /// The order is that of the verification: who signed, what for, when.
  static func failure(
    _ chain: [NIOSSLCertificate],
    trusting trusted: [NIOSSLCertificate],
    _ file: String?,
    now: Int = time(nil)
  ) -> TLSFailure {
    let fields = chain.compactMap(Self.fields)
    guard let leaf = fields.first, fields.count == chain.count else {
      return .other(reason: "the server's certificate cannot be read")
    }
    let roots = trusted.compactMap { root in Self.fields(root).map { (root, $0.subject) } }
    let issuers = fields.map(\.issuer)
    let signers = roots.filter { issuers.contains($0.1) }
    let unknown = TLSFailure.unknownAuthority(
      issuer: CertificateFields.name(in: fields.last?.issuer ?? []),
      file: file
    )
    if signers.isEmpty { return unknown }
    if !leaf.isForServers { return .wrongPurpose }
    var dated: [(NIOSSLCertificate, owner: String?)] = []
    for (index, certificate) in chain.enumerated() {
      let owner = index == 0 ? nil : CertificateFields.name(in: fields[index].subject) ?? "?"
      dated.append((certificate, owner))
    }
    // Of two roots of one name only one may be past its time.
    if signers.count == 1, let (root, subject) = signers.first {
      dated.append((root, CertificateFields.name(in: subject) ?? "?"))
    }
    for (certificate, owner) in dated {
      let (first, last) = (Int(certificate.notValidBefore), Int(certificate.notValidAfter))
      if last < now { return .expired(owner: owner, date: Self.date(last)) }
      if first > now { return .notYetValid(owner: owner, date: Self.date(first)) }
    }
    // A CA of that name is known, and it is another one.
    return unknown
  }

  private static func fields(_ certificate: NIOSSLCertificate) -> CertificateFields? {
    // A certificate that cannot be written has no fields that could be read.
    (try? certificate.toDERBytes()).flatMap(CertificateFields.init)
  }

  /// What a handshake broke off for, told from BoringSSL's names of its errors.
  private static func named(_ text: String) -> TLSFailure {
    func holds(_ names: String...) -> Bool { names.contains { text.contains($0) } }
    if holds("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION") { return .outdatedProtocol }
    if holds("EOF during handshake", "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST")
    {
      return .notSpoken
    }
    if holds("CERTIFICATE_REQUIRED") { return .clientCertificateRequired }
    if holds("UNRECOGNIZED_NAME") { return .wrongHost(names: []) }
    if holds("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "INSUFFICIENT_SECURITY") {
      return .other(reason: "the server and this client support no common cipher")
    }
    if holds("noSuchFilesystemObject", "failedToLoadCertificate") {
      return .other(reason: "the certificates to trust cannot be read")
    }
    let name = text.ranges(of: "OPENSSL_internal:").first.map { mark in
      text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    return .other(
      reason: "the TLS handshake was aborted"
        + (name.map { " (\($0.lowercased().replacing("_", with: " ")))" } ?? "")
    )
  }

  private static func date(_ seconds: Int) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
  }
}

extension TLSDiagnosis {
  /// The certificates that are trusted, as far as they are in files.
  private var trusted: [NIOSSLCertificate] {
    if let file = options.certificateFile { return Self.certificates(in: file) }
    return Self.system(options).certificates
      ?? Self.systemFiles.lazy.map(Self.certificates).first { !$0.isEmpty } ?? []
  }

  /// The system's CAs as the environment names them; both `nil`: nothing is named.
  ///
  /// - Returns: Certificates, and a folder of the system's that counts beside them.
  static func system(
    _ options: TransportOptions
  ) -> (certificates: [NIOSSLCertificate]?, folder: String?) {
    let variables = options.certificateVariables
    guard variables.file != nil || variables.folders != nil else { return (nil, nil) }
    var found =
      variables.file.map(certificates)
      ?? systemFiles.lazy.map(certificates).first { !$0.isEmpty } ?? []
    for folder in variables.folders ?? [] {
      for file in CertificateVariables.files(in: folder) { found += certificates(in: file) }
    }
    // The links of a folder of hashes lead to the same certificates.
    var seen: Set<NIOSSLCertificate> = []
    found = found.filter { seen.insert($0).inserted }
    var status = stat()
    let hasFolder = variables.folders == nil && stat(systemFolder, &status) == 0
    return (found, hasFolder ? systemFolder : nil)
  }

  /// Where NIOSSL looks for the system's CAs.
  private static let systemFiles = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
  ]
  private static let systemFolder = "/etc/ssl/certs"

  private static func certificates(in file: String) -> [NIOSSLCertificate] {
    // A file that holds none trusts none.
    (try? NIOSSLCertificate.fromPEMFile(file)) ?? []
  }
}

extension TLSDiagnosis {
  /// The certificates a server shows, its own first; `nil` when it does not get to that.
  func certificates(
    of url: String,
    within limit: Duration
  ) async -> [NIOSSLCertificate]? {
    guard limit > .zero, let (server, _) = ServerURL.parts(ofRequest: url) else { return nil }
    let loop = loops.any()
    let shown = loop.makePromise(of: [NIOSSLCertificate].self)
    let port = server.port
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    tls.trustRoots = .certificates([])
    tls.applicationProtocols = ["http/1.1"]
    guard let context = try? NIOSSLContext(configuration: tls) else {
      shown.fail(CancellationError())
      return nil
    }
    let name = server.ipAddress == nil ? server.host : nil
    let proxy = options.proxy
    let timeout = TimeAmount.nanoseconds(limit.nanoseconds)
    let connection = ClientBootstrap(group: loop)
      .connectTimeout(timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          @Sendable func handshake() throws {
            let handler = try NIOSSLClientHandler(
              context: context,
              serverHostname: name,
              customVerificationCallback: { certificates, verdict in
                shown.succeed(certificates)
                verdict.succeed(.failed)
              }
            )
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
          }
          if let proxy {
            let target = server.host.contains(":") ? "[\(server.host)]" : server.host
            try pipeline.addHandler(TunnelHandler("\(target):\(port)", proxy, then: handshake))
          } else {
            try handshake()
          }
          try pipeline.addHandler(EndOfHandshake(shown))
        }
      }
      .connect(host: proxy?.host ?? server.host, port: proxy?.port ?? port)
    connection.whenFailure { shown.fail($0) }
    let timer = loop.scheduleTask(in: timeout) { shown.fail(CancellationError()) }
    defer {
      timer.cancel()
      connection.whenSuccess { $0.close(promise: nil) }
    }
    return await withTaskCancellationHandler {
      // What went wrong here is not an answer to why the first handshake did.
      try? await shown.futureResult.get()
    } onCancel: {
      shown.fail(CancellationError())
    }
  }
}

/// Ends the wait for certificates that will not come.
private final class EndOfHandshake: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let shown: EventLoopPromise<[NIOSSLCertificate]>

  init(_ shown: EventLoopPromise<[NIOSSLCertificate]>) { self.shown = shown }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    shown.fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    shown.fail(ChannelError.eof)
    context.fireChannelInactive()
  }
}

/// Asks a proxy for a tunnel and, once it is open, steps aside.
private final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let target: String
  private let proxy: TransportOptions.Proxy
  private let then: @Sendable () throws -> Void
  private var head = ""

  init(
    _ target: String,
    _ proxy: TransportOptions.Proxy,
    then: @escaping @Sendable () throws -> Void
  ) {
    (self.target, self.proxy, self.then) = (target, proxy, then)
  }

  func channelActive(context: ChannelHandlerContext) {
    var lines = ["CONNECT \(target) HTTP/1.1", "Host: \(target)"]
    if let credentials = proxy.credentials {
      lines.append(
        credentials.password.reveal {
          "Proxy-Authorization: "
            + HTTPClient.Authorization.basic(username: credentials.username, password: $0)
            .headerValue
        }
      )
    }
    let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    head += String(buffer: unwrapInboundIn(data))
    guard head.count < 16_384 else { return context.close(promise: nil) }
    // A server waits for the client in TLS, so nothing is behind the proxy's head.
    guard head.contains("\r\n\r\n") else { return }
    let status = head.split(separator: " ").dropFirst().first
    guard status?.hasPrefix("2") == true else { return context.close(promise: nil) }
    do {
      try then()
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    } catch {
      context.fireErrorCaught(error)
    }
  }
}
