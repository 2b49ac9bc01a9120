import DevLakeKit
import LineEditing
import Synchronization

/// What the shell remembers between commands: the DevLake it talks to, the selected plugin, the
/// connections it has seen, variables and settings.
///
/// One task owns it; commands run one after the other.
final class Session {
  let world: World
  let options: SessionOptions
  let conversation: any Conversation
  let stateFiles: StateFileStore

  var settings = Settings()
  /// Whether questions are answered with yes: `--yes` of the process or of the command.
  var answersYes: Bool
  var variables: [String: Value] = [:]
  /// The variables whose text came from DevLake, a file, standard input or a child: such text selects
  /// one connection at most.
  var foreignVariables: Set<String> = []
  /// The commands scripts have defined, by name.
  var definitions: [String: DefinedCommand] = [:]
  /// What `break`, `continue` or `return` leaves, until that is left.
  var leaving: Leaving?
  /// The secrets that stand in data a script has read.
  var heldSecrets = HeldSecrets()
  /// Whether a YAML document was written: the next one needs a mark between them.
  var hasWrittenYAML = false
  /// Whether standard input was read by `read -`.
  var hasReadInput = false
  /// The plugin that ids and `list` are about.
  var selectedPlugin: PluginDescriptor?
  /// The DevLake in use, once it was needed.
  var instance: DevLakeInstance?
  /// The first look at it, while a person's session begins.
  var arrival: Arrival?
  /// What `connect` named; it stands before every other source.
  var namedAddress: (url: ServerURL, source: DevLakeInstance.Source)?
  /// What `connect` was given to be let in with; nothing of the process's options is shown besides.
  var login: GivenLogin?
  /// The DevLakes the person has named, once they were read.
  var instances: NamedInstances?
  /// The plugins whose connections the command that runs could not list.
  var gaps: [Gap] = []
  /// Connections seen, for names and completion; dropped at every change.
  var cache = ConnectionCache()
  /// The rows for which a plugin's list was found to break.
  var brokenRows: [String: [Int]] = [:]
  /// The tokens of GitHub connections as they were shown last, by the DevLake and the connection.
  var shownPools: [String: TokenPool] = [:]
  /// What the state files remember, and their stamps when they were read.
  var memory: [ConnectionKey: StateFile.Connection]?
  var memoryStamps: [StateFileStore.Stamp?] = []
  /// What is known of the life of secrets, read once a command.
  var secretLives: SecretLives?
  /// The keys of the env file that served, and the variables that held secrets.
  var usedCredentials = UsedCredentials()
  /// What was made for the command that runs and must not be lost.
  var keptSecrets: KeptSecrets?
  /// What was asked for once and need not be said again.
  var saidOnce: Set<String> = []
  /// What stands at the next prompt, to be changed and entered.
  var nextLine: String?
  /// What `exit` asked for.
  var requestedExit: ExitRequest?
  /// What the last command came to, for `status` and `${error.…}`.
  var lastExitCode = ExitCode.success
  /// The last failure and its code; they stay when later commands succeed.
  var lastError: Diagnostic?
  var lastFailureCode = ExitCode.success
  /// Whether the last failure was a result that tells it, and no error.
  var lastFailureIsVerdict = false
  /// What a result told that was no success, until the statement ends.
  var unsaidVerdict: UnsaidVerdict?
  /// What the person typed, where they type.
  var history: SessionHistory?
  /// Whether people are shown how long something took: on a terminal, but for what is repeated, as
  /// there every run would seem to differ.
  var showsTimes: Bool
  /// Which servers answered when they were asked last.
  let contact = Contact()
  /// Whether `test` is the command that runs.
  let testing = TestingFlag()
  /// Whether somebody reads what is told of writes that were cut off: completion tells nothing.
  var tellsOpenAttempts = true
  /// The DevLakes of which it is known what became of writes that were cut off.
  var settledInstances: Set<String> = []
  /// How long the command that runs still waits for locks of others.
  var lockPatience = LockBudget()
  /// Limits of the command that runs, from its own `--timeout`.
  var commandTimeout: Duration?

  init(world: World, options: SessionOptions, conversation: any Conversation) {
    self.world = world
    self.options = options
    self.conversation = conversation
    stateFiles = StateFileStore(folder: world.workingDirectory)
    settings = options.settings
    answersYes = options.answersYes
    showsTimes = world.resultsAreOnTerminal
    learnAddresses()
  }

  /// Says something once a session.
  func warnOnce(_ message: String, help: String? = nil) {
    guard saidOnce.insert(message).inserted else { return }
    conversation.warn(message, help: help)
  }

  /// Knows every secret in use; whatever is shown or kept passes it.
  var redactor: Redactor { world.redactor }

  /// Makes known the passwords that stand in addresses: DevLake's and the proxies'.
  private func learnAddresses() {
    if let password = options.url?.credentials?.password { redactor.learn(password) }
    for (name, value) in world.environment {
      let name = name.lowercased()
      guard name == "devlake_url" || name.hasSuffix("_proxy"), value.contains("@") else { continue }
      redactor.learn(passwordIn: value)
    }
  }

  /// The plugin a word names; one neither catalogue nor server has is refused by the server later.
  func plugin(_ name: String) -> PluginDescriptor {
    PluginRegistry.standard.descriptor(for: name)
  }
}

/// A plugin whose connections could not be listed.
extension Session {
  struct Gap {
    let plugin: String
    let diagnostic: Diagnostic
    let exitCode: ExitCode
  }
}

/// A verdict that may have to be told: that of a command whose result is no success.
struct UnsaidVerdict {
  var diagnostic: Diagnostic
  var format: OutputFormat
  /// Whether the result tells it.
  var isInResult: Bool
  /// Whether a person or program has seen that result.
  var wasShown: Bool
}

/// That the shell is to end, and with which code if `exit` named one.
struct ExitRequest {
  var code: ExitCode?
}

/// What the process's options say about the session.
struct SessionOptions: Sendable {
  var settings = Settings()
  var url: ServerURL?
  var instanceName: String?
  var apiKey: String?
  var user: String?
  var password: String?
  var headers: [String] = []
  var certificateFile: String?
  var isInsecure = false
  var envFile: String?
  var answersYes = false
  var isRestricted = false
  /// Whether nothing is sent that may change a DevLake.
  var isReadOnly = false
  var isNonInteractive = false
  var requiresAudit = false
  /// Whether it is one of several that are asked at once: nothing meant for one DevLake is shown to it
  /// but what its own entry names.
  var isFleetMember = false
  /// Whether a program decides what is asked, and not who started the shell: it only reads, and
  /// references in what it gives are not followed.
  var isAgent = false
}

/// The lines a person typed, as `history` shows them.
final class SessionHistory {
  private var store: HistoryStore

  init(store: HistoryStore) { self.store = store }

  /// Oldest first.
  var entries: [String] { store.entries }

  /// Reads what earlier sessions left.
  func load() -> [String] { store.load() }

  /// Keeps an entry, and returns what other sessions have added before it.
  func append(_ entry: String) -> [String] { store.append(entry) }

  /// What to tell the person about the file, once.
  func takeComplaint() -> String? { store.takeComplaint() }
}

/// The connections a session has seen.
struct ConnectionCache: Sendable {
  private var lists: [String: [Connection]] = [:]
  /// The plugins the server has, once they were asked for.
  var serverPlugins: [String]?
  /// Whether every plugin's list was seen since the last change.
  var isComplete = false
  /// Another number after each change: an answer to an older question is not taken.
  private(set) var generation = 0

  subscript(plugin: String) -> [Connection]? {
    get { lists[plugin] }
    set { lists[plugin] = newValue?.sorted { $0.key < $1.key } }
  }

  /// Everything seen, by plugin and id.
  var all: [Connection] { plugins.flatMap { lists[$0] ?? [] } }

  /// The plugins with connections.
  var plugins: [String] { lists.filter { !$0.value.isEmpty }.keys.sorted() }

  /// Makes answers to the questions asked since another one took its place too old to be taken.
  mutating func outlive(_ other: ConnectionCache) {
    generation = max(generation, other.generation) + 1
  }

  /// Forgets what may have changed.
  mutating func drop(_ plugin: String? = nil) {
    generation += 1
    isComplete = false
    if let plugin {
      lists[plugin] = nil
    } else {
      lists = [:]
      serverPlugins = nil
    }
  }
}

/// Which servers answer; told by every request, on whatever thread it runs.
final class Contact: Sendable {
  private let gone = Mutex<Set<String>>([])

  /// Whether the last request to that server found nobody there.
  func isLost(_ server: ServerURL) -> Bool { gone.withLock { $0.contains(server.origin) } }

  func note(_ exchange: DevLakeClient.Exchange) {
    let server = exchange.server.origin
    switch exchange.error {
    case nil: gone.withLock { _ = $0.remove(server) }
    case .unresolved, .refused, .unconnectable, .tls, .proxy:
      gone.withLock { _ = $0.insert(server) }
    // Whoever is slow or talks nonsense is there.
    default: break
    }
  }
}

/// The places that gave secrets, for cleaning up and for children.
struct UsedCredentials: Sendable {
  /// Keys used, with the values that served, per env file.
  var envFileKeys: [String: [String: Secret]] = [:]
  /// Environment variables that were secrets.
  var variables: Set<String> = []
}
