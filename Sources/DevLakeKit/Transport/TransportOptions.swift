/// How connections to a DevLake server are made.
public struct TransportOptions: Sendable, Equatable {
  /// The longest wait for a connection.
  public var connectLimit: Duration = .seconds(5)
  /// The longest answer, in bytes.
  public var answerLimit = 64 << 20
  /// A file of certificates, in PEM form, that are trusted instead of the system's.
  public var certificateFile: String?
  /// The certificates that take the place of the system's, where ``certificateFile`` names none.
  package var certificateVariables = CertificateVariables()
  /// Whether any certificate is accepted.
  public var acceptsAnyCertificate = false
  /// The proxy to the server; `nil`: straight.
  public var proxy: Proxy?

  /// An HTTP proxy.
  public struct Proxy: Sendable, Equatable {
    /// Its host name or address.
    public var host: String
    /// Its port.
    public var port: Int
    /// User name and password, where it wants them.
    public var credentials: Credentials?
    /// The environment variable that names it, for messages.
    public var variable: String?

    /// User name and password.
    public struct Credentials: Sendable, Equatable {
      let username: String
      let password: Secret
    }

    /// `host:port`, for messages.
    var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
  }

  /// The usual: 5 s to connect, verified certificates, no proxy.
  public init() {}
}
