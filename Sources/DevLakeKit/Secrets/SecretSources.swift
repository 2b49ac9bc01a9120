/// The world a secret can come from; nothing in the resolution looks anywhere else.
public struct SecretSources: Sendable {
  /// Reads standard input: its first line, or all of it for a field with several lines.
  ///
  /// `nil` bytes mean it was empty.
  public typealias Reader =
    @Sendable (_ wholeInput: Bool) async throws(SecretReferenceError) -> [UInt8]?

  /// Asks a person and shows nothing of the answer; `nil` when there was none.
  public typealias Question =
    @Sendable (_ question: String) async throws(SecretReferenceError) -> Secret?

  /// The environment variables; also what a `cmd:` child gets.
  public var environment: [String: String]
  /// The folder relative paths start from and `cmd:` runs in.
  public var workingDirectory: String
  /// Reads standard input; `nil` where it carries commands.
  public var readStandardInput: Reader?
  /// Asks a person; `nil` off a terminal.
  public var ask: Question?
  /// Whether `cmd:` is refused.
  public var isRestricted: Bool
  /// How long a `cmd:` may take.
  public var commandDeadline: Duration

  /// Describes where secrets may come from.
  public init(
    environment: [String: String],
    workingDirectory: String,
    readStandardInput: Reader? = nil,
    ask: Question? = nil,
    isRestricted: Bool = false,
    commandDeadline: Duration = .seconds(60)
  ) {
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.readStandardInput = readStandardInput
    self.ask = ask
    self.isRestricted = isRestricted
    self.commandDeadline = commandDeadline
  }

  /// `path` as it is meant: from `~` or the working directory, if it does not begin with `/`.
  public func path(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty {
      return home + path.dropFirst()
    }
    return workingDirectory + (workingDirectory.hasSuffix("/") ? "" : "/") + path
  }
}
