import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Several named DevLakes that are asked the same at once.
///
/// Each is asked by a session of its own, made for it and gone after it: nothing of one, above all no
/// key, can get into another's.
struct Fleet {
  let members: [NamedInstance]
  private let session: Session
  private let bound: FleetBound

  /// The members that `--instances` of a command names.
  ///
  /// - Throws: Where a login was given that would go to all of them.
  init(_ call: Call, _ session: Session) throws(Failure) {
    guard let given = call.option("instances") else {
      throw .usage("'\(call.signature.name)' needs --instances", at: call.whole)
    }
    try Self.refuseLogin(session.options, call, given)
    let names = try Self.names(given, in: session)
    self.init(
      try names.map { (name) throws(Failure) in try session.namedInstance(name, at: given) },
      session
    )
  }

  init(_ members: [NamedInstance], _ session: Session) {
    self.members = members
    self.session = session
    bound = FleetBound(members: members.count)
  }

  /// A key is for one DevLake, and an address names one.
  static func refuseLogin(
    _ options: SessionOptions,
    _ call: Call,
    _ given: ArgumentValue
  ) throws(Failure) {
    let login: [(String, Bool)] = [
      ("--api-key", options.apiKey != nil), ("--user", options.user != nil),
      ("--password", options.password != nil), ("--header", !options.headers.isEmpty),
    ]
    if let (name, _) = login.first(where: \.1) {
      throw .usage(
        "'\(name)' is for one DevLake, and --instances asks several",
        at: given,
        help: "write each one's login into instances.yaml"
      )
    }
    let isAddressed = call.option("url") != nil || options.url != nil
    if isAddressed || options.instanceName != nil {
      throw .usage(
        "'\(isAddressed ? "--url" : "--instance")' and --instances both say what is asked",
        at: call.option("url") ?? given,
        help: "use one of them"
      )
    }
  }

  /// The names that fit, in the file's order.
  static func names(_ given: ArgumentValue, in session: Session) throws(Failure) -> [String] {
    let names = try session.namedInstances()?.all.map(\.name) ?? []
    let patterns = given.text.split(separator: ",").map(String.init)
    for pattern in patterns where pattern != "all" {
      guard !names.contains(where: { Wildcard.matches($0, pattern) }) else { continue }
      throw .invalid(
        "no instance fits '\(pattern)'",
        at: given,
        help: names.isEmpty
          ? "name some: connect URL --api-key REF --save NAME"
          : "there are \(names.joined(separator: ", "))"
      )
    }
    let found = names.filter { name in
      patterns.contains { $0 == "all" || Wildcard.matches(name, $0) }
    }
    guard !found.isEmpty else {
      throw .invalid("there are no named instances", at: given, help: "see 'help connect'")
    }
    return found
  }

  /// Does the same with every member, in parallel.
  ///
  /// - Returns: What it came to, in the members' order.
  func each<Answer: Sendable>(
    _ work: @escaping @Sendable (Session) async throws(Failure) -> Answer
  ) async -> [(name: String, answer: Result<Answer, Failure>)] {
    let names = members.map(\.name)
    let seeds = members.map(seed)
    let answers = await inParallel(
      seeds,
      atMost: bound.membersAtOnce,
      showing: session.conversation.progress,
      named: names
    ) { seed in
      let member = seed.session()
      let answer = await Result(awaiting: { () async throws(Failure) in try await work(member) })
      return MemberAnswer(answer: answer, secretVariables: member.usedCredentials.variables)
    }
    // What held a secret is kept from children, whoever has used it.
    for name in answers.flatMap(\.secretVariables) { session.noteSecret(variable: name) }
    return zip(names, answers).map { ($0, $1.answer) }
  }

  private struct MemberAnswer<Answer: Sendable>: Sendable {
    let answer: Result<Answer, Failure>
    let secretVariables: Set<String>
  }

  private func seed(_ member: NamedInstance) -> SessionSeed {
    var options = session.options
    options.settings = session.settings
    // An address that was typed has no entry.
    let isNamed = NamedInstances.isName(member.name)
    options.url = isNamed ? nil : member.url
    options.instanceName = isNamed ? member.name : nil
    options.headers = []
    (options.apiKey, options.user, options.password) = (nil, nil, nil)
    options.isFleetMember = true
    var world = session.world
    let (make, slots) = (world.transport, RequestSlots(bound.requestsOfEach))
    world.transport = { BoundedTransport(make($0), slots: slots) }
    return SessionSeed(
      world: world,
      options: options,
      conversation: MemberConversation(member.name, session.conversation),
      plugin: session.selectedPlugin,
      scope: CommandScope(
        timeout: session.scope.timeout,
        answersYes: options.answersYes,
        allowsTests: session.scope.allowsTests,
        showsTimes: session.scope.showsTimes
      )
    )
  }
}

/// Everything a session is made of, handed to the task that will own it.
struct SessionSeed: Sendable {
  var world: World
  var options: SessionOptions
  var conversation: any Conversation
  var plugin: PluginDescriptor?
  /// What holds in it; `nil`: what the options say.
  var scope: CommandScope?

  func session() -> Session {
    let session = Session(
      world: world,
      options: options,
      conversation: conversation,
      scope: scope
    )
    session.select(plugin)
    return session
  }
}

/// How much a fleet does at once, so that the process keeps its limits whatever its size.
struct FleetBound: Equatable {
  /// How many members are asked at once.
  let membersAtOnce: Int
  /// How many requests of one are under way at once; each has a connection, and so a descriptor.
  let requestsOfEach: Int

  /// No more than this many requests in all.
  static let most = 512

  /// - Parameter descriptors: How many files the process may have open.
  init(members: Int, descriptors: Int = Self.openFiles) {
    // The rest is for terminals, logs, children, and connections that are being closed.
    let all = max(4, min(Self.most, descriptors / 4 * 3 - 32))
    membersAtOnce = max(1, min(members, 32, all / 2))
    requestsOfEach = all / membersAtOnce
  }

  private static var openFiles: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
    return Int(min(limit.rlim_cur, 1 << 20))
  }
}

/// What a member says on its way, with its name; nobody is asked, as all would ask at once.
private final class MemberConversation: Conversation {
  private let name: String
  private let outer: any Conversation

  init(_ name: String, _ outer: any Conversation) {
    self.name = name
    self.outer = outer
  }

  let canAsk = false

  func ask(_ question: String) async throws(Failure) -> String? {
    throw .unasked(
      "a question of '\(name)' cannot be asked, as several instances are asked at once",
      flags: []
    )
  }

  func askSecret(_ question: String) async throws(Failure) -> Secret? {
    _ = try await ask(question)
    return nil
  }

  func note(_ text: String) { outer.note("\(name): \(text.drop { $0 == " " })") }

  func report(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    diagnostic.message = "\(name): \(diagnostic.message)"
    outer.report(diagnostic)
  }

  func writes(asJSON isJSON: Bool) {}
}

extension Signature.Option {
  /// Of every command that only reads.
  static let instances = Signature.Option(
    name: "instances",
    kind: .instancePattern,
    placeholder: "PATTERN",
    help: "ask all named instances that match, in parallel: 'prod-*', lab,prod-1, all"
  )
}
