import DevLakeKit

/// What the shell remembers between commands, and what holds for the one that runs.
///
/// One task owns it; commands run one after the other. Its parts keep their own state: which DevLake
/// (``Server``), what was seen of it (``Inventory``), what this machine remembers (``Journal``). A
/// command runs in a session of its own (``scoped(to:)``), which shares the parts and has its own
/// ``CommandScope``; for `--url` it has its own server and inventory, too. So nothing is set for a
/// command and set back after it.
final class Session {
  let world: World
  let options: SessionOptions
  let conversation: any Conversation
  let server: Server
  let inventory: Inventory
  let journal: Journal
  let scope: CommandScope
  /// What the command meets with.
  let findings = CommandFindings()
  private let memory: Memory

  /// What stays from command to command, whichever DevLake they are about.
  private final class Memory {
    var settings: Settings
    var variables = Variables()
    var definitions: [String: DefinedCommand] = [:]
    var leaving: Leaving?
    var heldSecrets = HeldSecrets()
    var hasWrittenYAML = false
    var hasReadInput = false
    var selectedPlugin: PluginDescriptor?
    var shownPools: [String: TokenPool] = [:]
    var usedCredentials = UsedCredentials()
    var keptSecrets: KeptSecrets?
    var said: Set<String> = []
    var nextLine: String?
    var requestedExit: ExitRequest?
    var outcome = LastOutcome()
    var history: SessionHistory?

    init(_ settings: Settings) { self.settings = settings }
  }

  /// - Parameter scope: What holds for all that runs in it; `nil`: what the options say.
  init(
    world: World,
    options: SessionOptions,
    conversation: any Conversation,
    scope: CommandScope? = nil
  ) {
    self.world = world
    self.options = options
    self.conversation = conversation
    server = Server()
    inventory = Inventory()
    journal = Journal(world)
    self.scope =
      scope
      ?? CommandScope(answersYes: options.answersYes, showsTimes: world.resultsAreOnTerminal)
    memory = Memory(options.settings)
    learnAddresses()
  }

  private init(
    in session: Session,
    _ scope: CommandScope,
    _ conversation: any Conversation,
    _ server: Server,
    _ inventory: Inventory
  ) {
    world = session.world
    options = session.options
    self.conversation = conversation
    self.server = server
    self.inventory = inventory
    journal = session.journal.next()
    self.scope = scope
    memory = session.memory
  }

  /// The session with another scope, for what runs inside.
  func scoped(_ change: (inout CommandScope) -> Void) -> Session {
    var scope = scope
    change(&scope)
    return Session(in: self, scope, conversation, server, inventory)
  }

  /// The session for one command: what is in its words holds there, and only there.
  ///
  /// - Parameter format: How its result is written; diagnostics on the way are JSON if that is.
  func scoped(to call: Call, as format: OutputFormat) throws(Failure) -> Session {
    var scope = scope
    scope.timeout = call.text("timeout").flatMap(Double.init).map { .seconds($0) }
    if call.flag("yes") { scope.answersYes = true }
    scope.allowsTests = call.signature.name == "test"
    let conversation = conversation.writing(asJSON: format.isJSON)
    // What `connect` is given stays.
    guard let url = call.option("url"), call.signature.name != "connect" else {
      return Session(in: self, scope, conversation, server, inventory)
    }
    let elsewhere = server.elsewhere((try url.url(), .option))
    return Session(in: self, scope, conversation, elsewhere, Inventory())
  }

  /// The session in which a DevLake is looked for that may take the place of the one in use, as
  /// ``Server/become(_:)`` does.
  func elsewhere(_ address: Server.Address?, login: GivenLogin?) -> Session {
    let elsewhere = server.elsewhere(address ?? server.named, login: login)
    return Session(in: self, scope, conversation, elsewhere, Inventory())
  }

  /// Says something once a session.
  func warnOnce(_ message: String, help: String? = nil) {
    guard isFirstTime(message) else { return }
    conversation.warn(message, help: help)
  }

  /// Whether something was not done or said yet in this process.
  func isFirstTime(_ what: String) -> Bool { memory.said.insert(what).inserted }

  /// Knows every secret in use; whatever is shown or kept passes it.
  var redactor: Redactor { world.redactor }

  /// Makes known the passwords that are in addresses: DevLake's and the proxies'.
  private func learnAddresses() {
    if let password = options.url?.credentials?.password { redactor.learn(password) }
    for (name, value) in world.environment {
      let name = name.lowercased()
      guard name == "devlake_url" || name.hasSuffix("_proxy"), value.contains("@") else { continue }
      redactor.learn(passwordIn: value)
    }
  }

  /// The plugin a word names; one neither catalog nor server has is refused by the server later.
  func plugin(_ name: String) -> PluginDescriptor {
    PluginRegistry.standard.descriptor(for: name)
  }

  // MARK: What `set`, `use`, `let` and `def` leave

  var settings: Settings {
    get { memory.settings }
    set {
      memory.settings = newValue
      conversation.writes(asJSON: newValue.format.isJSON)
    }
  }

  /// How results are drawn where their command says nothing.
  var format: OutputFormat { scope.format ?? settings.format }

  /// The plugin that ids and `list` are about.
  var selectedPlugin: PluginDescriptor? { memory.selectedPlugin }

  func select(_ plugin: PluginDescriptor?) { memory.selectedPlugin = plugin }

  var variables: Variables { memory.variables }

  func set(_ name: String, _ value: Value, isForeign: Bool = false) {
    memory.variables.set(name, value, isForeign: isForeign)
  }

  /// Forgets a variable; whether there was one.
  func unset(_ name: String) -> Bool { memory.variables.remove(name) }

  /// The commands scripts have defined, by name.
  var definitions: [String: DefinedCommand] { memory.definitions }

  func define(_ command: DefinedCommand) { memory.definitions[command.signature.name] = command }

  // MARK: What runs

  /// What `break`, `continue` or `return` leaves, until that is left.
  var leaving: Leaving? { memory.leaving }

  func leave(_ what: Leaving) { memory.leaving = what }

  /// It was left.
  func hasLeft() { memory.leaving = nil }

  /// What `exit`, or a signal, asked for.
  var requestedExit: ExitRequest? { memory.requestedExit }

  func requestExit(_ request: ExitRequest) { memory.requestedExit = request }

  /// What the last command came to.
  var outcome: LastOutcome {
    get { memory.outcome }
    set { memory.outcome = newValue }
  }

  /// Puts a line at the next prompt, to be changed and entered.
  func propose(_ line: String) { memory.nextLine = line }

  /// What is at this prompt already; it is there once.
  func takeProposedLine() -> String? {
    defer { memory.nextLine = nil }
    return memory.nextLine
  }

  /// What the person typed, where they type.
  var history: SessionHistory? { memory.history }

  func keep(_ history: SessionHistory?) { memory.history = history }

  /// Standard input is there once; whether it was read before.
  func takeInput() -> Bool {
    defer { memory.hasReadInput = true }
    return !memory.hasReadInput
  }

  /// Whether a YAML document was written already: the next one needs a mark between them.
  func takeYAML() -> Bool {
    defer { memory.hasWrittenYAML = true }
    return memory.hasWrittenYAML
  }

  // MARK: Secrets

  /// The secrets that are in data a script has read.
  var heldSecrets: HeldSecrets { memory.heldSecrets }

  /// Holds a secret that is in data, and returns what is there for it.
  func hold(_ secret: Secret) -> JSONValue { memory.heldSecrets.hold(secret) }

  /// The places that gave secrets.
  var usedCredentials: UsedCredentials { memory.usedCredentials }

  /// Notes a variable of the environment that held a secret: children do not get it.
  func noteSecret(variable: String) { memory.usedCredentials.variables.insert(variable) }

  /// Takes the keys of env files that served a command which succeeded.
  func keepServedKeys(_ findings: CommandFindings) {
    for (path, keys) in findings.servedKeys {
      memory.usedCredentials.envFileKeys[path, default: [:]].merge(keys) { $1 }
    }
  }

  /// Leaves the keys where they are: what they served for has failed, and is tried again with them.
  func keepEnvFiles() { memory.usedCredentials.envFileKeys = [:] }

  /// What was made for the command that runs and must not be lost.
  var keptSecrets: KeptSecrets? { memory.keptSecrets }

  func hold(_ secrets: KeptSecrets?) { memory.keptSecrets = secrets }

  /// The tokens of a GitHub connection as they were shown last.
  func shownPool(of key: ConnectionKey) -> TokenPool? {
    server.instance.flatMap { memory.shownPools["\($0.url) \(key)"] }
  }

  /// Remembers under which numbers a connection's tokens were shown.
  func noteShown(_ pool: TokenPool?, of key: ConnectionKey) {
    guard let url = server.instance?.url else { return }
    memory.shownPools["\(url) \(key)"] = pool
  }
}

extension Session {
  /// A plugin whose connections could not be listed.
  struct Gap {
    let plugin: String
    let diagnostic: Diagnostic
    let exitCode: ExitCode
  }
}

/// That the shell is to end, and with which code if `exit` named one.
struct ExitRequest {
  var code: ExitCode?
}

/// The places that gave secrets, for cleaning up and for children.
struct UsedCredentials: Sendable {
  /// Keys used, with the values that served, per env file.
  var envFileKeys: [String: [String: Secret]] = [:]
  /// Environment variables that were secrets.
  var variables: Set<String> = []
}
