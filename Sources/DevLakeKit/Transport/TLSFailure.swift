/// Why no encrypted connection was made.
@nonexhaustive
public enum TLSFailure: Error, Sendable, Equatable {
  /// No CA that is trusted here has signed the certificate; `issuer` is who has, `file` what was named
  /// instead of the system's CAs.
  case unknownAuthority(issuer: String?, file: String?)
  /// A certificate is past its time; `owner` is `nil` for the server's own. `date` is UTC.
  case expired(owner: String?, date: String)
  /// A certificate is not valid before `date`.
  case notYetValid(owner: String?, date: String)
  /// The certificate is for other hosts than the one in the URL.
  case wrongHost(names: [String])
  /// The certificate may not be used by a server.
  case wrongPurpose
  /// The other side has nothing newer than TLS 1.1.
  case outdatedProtocol
  /// What listens at the port does not speak TLS.
  case notSpoken
  /// What listens at the port speaks TLS, and plain HTTP was sent.
  case expected
  /// The server wants a certificate of the client.
  case clientCertificateRequired
  /// Anything else; one line.
  case other(reason: String)
}

extension TLSFailure: CustomStringConvertible {
  /// What is wrong, one line.
  public var description: String {
    switch self {
    case .unknownAuthority(let issuer, nil):
      "the server's certificate is signed by an unknown CA\(Self.quoted(issuer))"
    case .unknownAuthority(let issuer, let file?):
      "the server's certificate is not signed by a CA in '\(file)'"
        + (issuer.map { " but by '\($0)'" } ?? "")
    case .expired(let owner, let date): "\(Self.certificate(of: owner)) expired on \(date)"
    case .notYetValid(let owner, let date):
      "\(Self.certificate(of: owner)) is not yet valid: it is valid from \(date)"
    case .wrongHost(let names):
      "the certificate is for another host"
        + (names.isEmpty ? "" : ": " + names.map { "'\($0)'" }.joined(separator: ", "))
    case .wrongPurpose: "the server's certificate is not made for servers (wrong purpose)"
    case .outdatedProtocol: "the server speaks only TLS 1.1 or older; TLS 1.2 is required"
    case .notSpoken: "the server does not speak TLS on this port"
    case .expected: "the server speaks TLS on this port, and http:// does not"
    case .clientCertificateRequired: "the server requires a client certificate"
    case .other(let reason): reason
    }
  }

  /// What to try; `nil` where nothing is known.
  public var help: String? {
    switch self {
    case .unknownAuthority(_, nil): "trust the certificate of that CA"
    case .unknownAuthority(let issuer, _?):
      "trust the certificate of " + (issuer.map { "'\($0)'" } ?? "the CA that signed it")
    case .expired(nil, _): "renew the server's certificate; also check this machine's clock"
    case .expired: "renew that certificate; also check this machine's clock"
    case .notYetValid: "check the clock of this machine"
    case .wrongHost: "write the host in the URL as the certificate has it"
    case .wrongPurpose: "give the server a certificate for server authentication (TLS Web Server)"
    case .outdatedProtocol: "switch on TLS 1.2 or 1.3 in the server, or in the proxy in front of it"
    case .notSpoken: "write http:// instead of https://, or check the port"
    case .expected: "write https:// instead of http://"
    case .clientCertificateRequired:
      "client certificates are not supported: reach DevLake behind that gateway"
    case .other: "check the URL and what listens there"
    }
  }

  private static func quoted(_ name: String?) -> String { name.map { " ('\($0)')" } ?? "" }

  private static func certificate(of owner: String?) -> String {
    owner.map { "the certificate of the CA '\($0)'" } ?? "the server's certificate"
  }
}
