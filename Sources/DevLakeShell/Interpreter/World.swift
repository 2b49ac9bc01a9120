import DevLakeKit

/// What a session knows of the process it runs in; tests make their own.
struct World: Sendable {
  var environment: [String: String]
  var workingDirectory: String
  /// Makes the transport for a server.
  var transport: @Sendable (TransportOptions) -> any HTTPTransport
  /// Reads standard input for `-`; `nil` where it carries commands.
  var readStandardInput: SecretSources.Reader?
  /// The addresses tried when nothing names a DevLake.
  var probesLocalAddresses = true
  /// Whether the arguments can be seen by others in `ps`: a secret in them is warned about.
  var hasVisibleArguments = false
  /// Whether results go to a terminal: times are shown there only.
  var resultsAreOnTerminal = false
}
