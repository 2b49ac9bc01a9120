import DevLakeKit

/// Shows and removes named instances: `instances`, `instances show prod`, `instances remove lab`.
struct InstancesCommand: Command {
  let signature = Signature(
    name: "instances",
    abstract: "Show or remove the DevLakes of instances.yaml",
    discussion: """
      Secrets are shown as references. 'connect URL --api-key REF --save NAME' adds one. Removing an \
      entry asks for a yes, as its readOnly and protected end with it. --instances 'prod-*' of \
      'list', 'test' and other reading commands asks many of them at once. Asks no DevLake.
      """,
    arguments: [
      .init(name: "ACTION", kind: .choice(["list", "show", "remove"]), isRequired: false),
      .init(name: "NAME", kind: .instance, isRequired: false, isRepeated: true),
    ],
    examples: [
      .init(input: "instances", purpose: "what has a name"),
      .init(input: "instances show prod", purpose: "everything that is set for one"),
    ],
    topic: .instance
  )

  func mistakes(in call: Call) -> [Failure] {
    let action = call.argument("ACTION")?.text ?? "list"
    let names = call.all(argument: "NAME")
    if action == "list", let name = names.first {
      return [
        .usage(
          "unexpected argument '\(name.text)'",
          at: name,
          help: "show one: instances show NAME"
        )
      ]
    }
    if action != "list", names.isEmpty {
      return [.usage("'instances \(action)' needs NAME", at: call.whole)]
    }
    return []
  }

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    if let mistake = mistakes(in: call).first { throw mistake }
    // A file that was changed in the meantime counts.
    session.server.rereadsNames()
    let instances = try session.namedInstances()
    let named = try call.all(argument: "NAME").map { (given) throws(Failure) in
      try session.namedInstance(given.text, at: given)
    }
    switch call.argument("ACTION")?.text {
    case "show": return CommandResult(Output(data: data(named), view: .records))
    case "remove": return try await remove(named, call, session)
    default: return CommandResult(output(instances?.all ?? [], session))
    }
  }

  private func data(_ instances: [NamedInstance]) -> JSONValue {
    .array(instances.map { .object($0.record) })
  }

  private func output(_ instances: [NamedInstance], _ session: Session) -> Output {
    let rows = instances.map { instance in
      [
        instance.name, instance.url.text, instance.login,
        instance.restrictions.joined(separator: ", "), instance.color?.rawValue ?? "",
      ]
    }
    let columns: [Table.Column] = [
      .init("Name"), .init("URL", canShrink: true), .init("Login", priority: 60, canShrink: true),
      .init("Restriction", priority: 80), .init("Color", priority: 20),
    ]
    return Output(
      data: data(instances),
      view: instances.isEmpty
        ? .lines(["No instances found."]) : .table(Table(columns: columns, rows: rows)),
      fields: ["name", "url", "apiKey", "user", "password", "readOnly", "protected", "color"]
    )
  }

  private func remove(
    _ instances: [NamedInstance],
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    guard !session.options.isRestricted else {
      throw .usage("'instances remove' changes a file, which --restricted forbids", at: call.whole)
    }
    let names = instances.map { "'\($0.name)'" }.joined(separator: ", ")
    if !session.scope.answersYes {
      guard session.conversation.canAsk else {
        throw .unasked("'instances remove' asks before it removes \(names)", flags: ["--yes"])
      }
      let lifted = instances.flatMap(\.restrictions)
      let answer = try await session.conversation.ask(
        "Remove \(names)\(lifted.isEmpty ? "" : ", which is \(lifted.joined(separator: " and "))")? "
          + "(yes/no): "
      )
      guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
        throw .unasked("nothing was removed", flags: [])
      }
    }
    let path = (session.world.configurationFolder ?? "") + "/instances.yaml"
    for (instance, given) in zip(instances, call.all(argument: "NAME")) {
      do throws(NamedInstancesError) {
        try NamedInstances.remove(instance.name, fromFileAt: path)
      } catch {
        throw Failure(error, at: given)
      }
    }
    session.server.rereadsNames()
    return CommandResult(
      Output(
        data: .array(
          instances.map { ["name": .string($0.name), "action": "removed"] }
        ),
        view: .lines(instances.map { "✅ Removed '\($0.name)' from \(path)" })
      )
    )
  }
}

extension NamedInstance {
  /// What keeps people from changing it, in words.
  var restrictions: [String] {
    (isReadOnly ? ["read-only"] : []) + (isProtected ? ["protected"] : [])
      + (auditRequired ? ["audit required"] : [])
  }

  /// How it is entered, without a secret.
  fileprivate var login: String {
    if let apiKey { return "API key \(apiKey)" }
    if let user { return "user \(user)" }
    return url.credentials.map { "user \($0.user)" } ?? ""
  }

  /// The entry for programs, under the file's own names; secrets as references, or as `***`.
  fileprivate var record: JSONObject {
    var record: JSONObject = ["name": .string(name), "url": .string(url.text)]
    if let apiKey { record["apiKey"] = .string(apiKey.description) }
    if let user { record["user"] = .string(user) }
    if let password { record["password"] = .string(password.description) }
    if let certificateFile { record["caCert"] = .string(certificateFile) }
    if !headers.isEmpty {
      record["headers"] = .object(
        JSONObject(headers.map { ($0.name, .string($0.value.description)) })
      )
    }
    record["readOnly"] = .bool(isReadOnly)
    record["protected"] = .bool(isProtected)
    record["auditRequired"] = .bool(auditRequired)
    record["color"] = color.map { .string($0.rawValue) } ?? .null
    return record
  }
}
