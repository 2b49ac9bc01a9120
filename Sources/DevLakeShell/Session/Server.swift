import DevLakeKit

/// Which DevLake the session talks to, how it was found, and whether it answers.
///
/// It is found once, when it is first needed, and stays until another takes its place as a whole:
/// whoever looks for another asks a server of their own (``elsewhere(_:)``), so that a look that fails
/// leaves everything as it was.
final class Server {
  /// An address, and who named it.
  typealias Address = (url: ServerURL, source: DevLakeInstance.Source)

  /// The DevLake in use, once it was needed.
  private(set) var instance: DevLakeInstance?
  /// What was named on purpose; it is before every other source.
  private(set) var named: Address?
  /// What `connect` was given to be let in with; nothing of the process's options is shown besides.
  ///
  /// It is for the DevLake it was given for, and no other.
  private(set) var login: GivenLogin?
  /// Which servers answered when they were asked last, whoever asked.
  let contact: Contact
  /// The first look at it, while a person's session begins.
  private var startupProbe: StartupProbe?
  private var instances: NamedInstances?

  init(named: Address? = nil, login: GivenLogin? = nil, contact: Contact = Contact()) {
    self.named = named
    self.login = login
    self.contact = contact
  }

  /// A server that is still to be found: at an address, or wherever the session looks.
  func elsewhere(_ address: Address?, login: GivenLogin? = nil) -> Server {
    Server(named: address, login: login, contact: contact)
  }

  /// Keeps what was found.
  func found(_ instance: DevLakeInstance) { self.instance = instance }

  /// Takes the place of this one; a first look that is under way is given up.
  func become(_ other: Server) {
    startupProbe?.cancel()
    (instance, named, instances, startupProbe) = (other.instance, other.named, other.instances, nil)
    login = other.login
  }

  /// The DevLake in use has a name from now on, and with it the login that is written there.
  func isNamedNow(_ instance: DevLakeInstance) {
    self.instance = instance
    named = (instance.url, instance.source)
    (instances, login) = (nil, nil)
  }

  /// Reads the names again when one is needed: their file may have changed.
  func rereadsNames() { instances = nil }

  /// Whether it was not found yet, and may be by a look that is under way.
  var isAwaited: Bool { startupProbe != nil }

  /// Expects what the first look finds.
  func begin(_ startupProbe: StartupProbe) { self.startupProbe = startupProbe }

  /// Takes over what the first look has found by now.
  ///
  /// - Returns: The connections, where they are what was asked for in that state of the inventory.
  func takeStartupProbe(for generation: Int) -> Survey? {
    guard let startupProbe else { return nil }
    let isOver = startupProbe.isOver
    if instance == nil { instance = startupProbe.instance }
    defer { if isOver { self.startupProbe = nil } }
    return startupProbe.survey(for: generation)
  }

  /// The DevLakes the person has named; `read` reads them when one is first needed.
  func namedInstances(
    _ read: () throws(Failure) -> NamedInstances?
  ) throws(Failure) -> NamedInstances? {
    if instances == nil { instances = try read() }
    return instances
  }
}
