import DevLakeKit
import ShellLanguage

/// Finds or names the DevLake to talk to: `connect http://localhost:8080`, `connect staging`.
struct ConnectCommand: Command {
  let signature = Signature(
    name: "connect",
    abstract: "Find or choose the DevLake to use",
    discussion: """
      Without a URL it is looked for: --url or --instance, then $DEVLAKE_URL, the state files of \
      the folder, localhost:8080 and 8085, config-ui at localhost:4000/api. A name is an instance \
      of instances.yaml in $XDG_CONFIG_HOME/devlake-shell: NAME: {url, apiKey, user, password, \
      caCert, headers, readOnly, protected, auditRequired, color}, secrets as env:NAME, file:PATH or \
      cmd:COMMAND; --save writes such an entry once DevLake has let you in. The address of a state \
      file that is neither this machine nor named there is asked about once; --yes does not answer \
      that. Where connecting fails, the DevLake in use stays in use.
      """,
    arguments: [.init(name: "URL|NAME", kind: .address, isRequired: false)],
    options: [
      .init(
        name: "migrate",
        kind: .flag,
        help: "run a pending database migration, after confirmation"
      ),
      .init(
        name: "api-key",
        kind: .secret,
        placeholder: "REF",
        help: "its API key"
      ),
      .init(name: "user", kind: .text, placeholder: "NAME", help: "its user of HTTP Basic"),
      .init(
        name: "password",
        kind: .secret,
        placeholder: "REF",
        help: "its password for HTTP Basic"
      ),
      .init(
        name: "save",
        kind: .text,
        placeholder: "NAME",
        help: "keep it in instances.yaml under that name; secrets as references only",
        effect: .writesSettings
      ),
      .init(name: "read-only", kind: .flag, help: "with --save: let nothing change it"),
      .init(
        name: "protected",
        kind: .flag,
        help: "with --save: ask for its name before anything is changed"
      ),
      .init(
        name: "color",
        kind: .choice(NamedInstance.Color.allCases.map(\.rawValue)),
        placeholder: "COLOR",
        help: "with --save: the color of its prompt"
      ),
      .dryRun,
    ],
    examples: [
      .init(input: "connect http://localhost:8080", purpose: "this DevLake from now on"),
      .init(
        input: "connect https://lake.example.com/api --api-key env:LAKE_KEY --save prod",
        purpose: "and by its name ever after"
      ),
    ],
    topic: .instance,
    changes: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    if let given = call.argument("URL|NAME"), call.option("url") != nil {
      throw .usage("'\(given.text)' and --url both name a DevLake", at: given, help: "give one")
    }
    let login = try InstanceEntry.login(call)
    session.takeStartupProbe()
    do throws(Failure) {
      // The names are read again: a file that was changed in the meantime counts from here on.
      let fresh = session.elsewhere(nil, login: nil)
      let entry = try InstanceEntry(call, login, fresh)
      let attempt = session.elsewhere(try address(call, fresh), login: login)
      let instance = try await attempt.connected()
      if call.flag("dry-run") {
        return DryRun(requests: call.flag("migrate") ? [.migration] : []).result
      }
      if call.flag("migrate") {
        try await attempt.permitChange("'connect --migrate'", on: call.text("on"))
        try await Migration(session: attempt).run(on: instance)
      } else {
        try await check(instance, call, hasOwnLogin: login != nil || entry != nil)
      }
      let result = try entry.map { (entry) throws(Failure) in try save(entry, instance, attempt) }
      session.server.become(attempt.server)
      session.inventory.drop()
      if let result { return result }
      return CommandResult(output(instance))
    } catch {
      // What was named is what is wrong.
      let failure = error.placed(at: call.argument("URL|NAME") ?? call.option("url"))
      guard let kept = session.server.instance else { throw failure }
      throw failure.saying("still connected to \(kept.url) (\(kept.source))")
    }
  }

  /// The version is told to everyone at any time: whether DevLake serves this caller is asked, too.
  private func check(
    _ instance: DevLakeInstance,
    _ call: Call,
    hasOwnLogin: Bool
  ) async throws(Failure) {
    do throws(APIError) {
      _ = try await instance.client.plugins()
    } catch {
      switch error.kind {
      case .migration, .unauthorized(status: 401, _), .transport(.cancelled):
        var failure = Failure(error, doing: instance.url.text)
        if let help = await instance.client.whatOpensLogin(error) {
          failure.diagnostic.help = help.options
        }
        if case .migration(isRunning: false) = error.kind, let given = call.argument("URL|NAME") {
          failure.diagnostic.help = "run 'connect \(Quoting.quote(given.text)) --migrate'"
        }
        throw failure
      // What was given here has to open something: only another key's door is no proof against it.
      case .unauthorized(status: 403, let reason) where hasOwnLogin && !reason.contains("scope"):
        throw Failure(error, doing: instance.url.text)
      // A key may be scoped so that it sees no plugins; anything else shows when it matters.
      default: return
      }
    }
  }

  private func save(
    _ entry: InstanceEntry,
    _ instance: DevLakeInstance,
    _ session: Session
  ) throws(Failure) -> CommandResult {
    let path = try entry.save(instance.url)
    let source = DevLakeInstance.Source.named(entry.name)
    let named = DevLakeInstance(source: source, version: instance.version, client: instance.client)
    session.server.isNamedNow(named)
    var output = output(named)
    output.view = .lines([
      "DevLake \(named.version) at \(named.url) (\(source))",
      "✅ Saved '\(entry.name)' in \(path)",
    ])
    return CommandResult(output)
  }

  /// What the call names; `nil`: nothing.
  private func address(_ call: Call, _ session: Session) throws(Failure) -> Server.Address? {
    if let given = call.option("url") { return (try given.url(), .option) }
    guard let given = call.argument("URL|NAME") else { return nil }
    guard NamedInstances.isName(given.text) else { return (try given.url(), .command) }
    let named = try session.namedInstance(given.text, at: given)
    return (named.url, .named(named.name))
  }

  private func output(_ instance: DevLakeInstance) -> Output {
    Output(
      data: [
        "url": .string(instance.url.text), "source": .string(instance.source.description),
        "version": .string(instance.version),
      ],
      view: .lines(["DevLake \(instance.version) at \(instance.url) (\(instance.source))"])
    )
  }
}
