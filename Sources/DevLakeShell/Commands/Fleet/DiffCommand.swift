import DevLakeKit

/// Compares the connections of two named DevLakes: `diff staging prod`.
struct DiffCommand: Command {
  let signature = Signature(
    name: "diff",
    abstract: "Show what would make the connections of one instance those of another",
    discussion: """
      A and B are names of instances.yaml, or URLs that need no login. What is told is what 'plan' \
      would tell of B for an export of A: 'create' is what only A has, 'delete' what only B has. \
      Connections are the same when plugin and name are. Secrets are not compared, as DevLake shows \
      masks of them. With --exit-code differences are 6. Changes nothing.
      """,
    arguments: [.init(name: "A", kind: .address), .init(name: "B", kind: .address)],
    options: [
      .plugin,
      .init(
        name: "exit-code",
        kind: .flag,
        help: "exit with 6 if there is a difference"
      ),
    ],
    examples: [
      .init(input: "diff staging prod", purpose: "what prod lacks, and what only prod has"),
      .init(input: "diff staging prod --plugin github --exit-code", purpose: "a check for CI"),
    ],
    topic: .instance
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let sides = [call.argument("A"), call.argument("B")].compactMap(\.self)
    guard sides.count == 2 else { throw .usage("'diff' needs A and B", at: call.whole) }
    try Fleet.refuseLogin(session.options, call, sides[0])
    let members = try sides.map { (given) throws(Failure) in
      NamedInstances.isName(given.text)
        ? try session.namedInstance(given.text, at: given)
        : NamedInstance(given.text, url: try given.url())
    }
    if members[0].url.isSameInstance(as: members[1].url) {
      session.conversation.warn("'\(members[0].name)' and '\(members[1].name)' are one DevLake")
    }
    let plugin = call.option("plugin").map { session.plugin($0.text) }
    let answers = await Fleet(members, session).each { (member) async throws(Failure) in
      guard let plugin else { return try await member.everyConnection() }
      return try await member.connections(of: plugin)
    }
    var lists: [[Connection]] = []
    for (name, answer) in answers {
      do throws(Failure) {
        lists.append(try answer.get())
      } catch {
        var failure = error
        failure.diagnostic.message = "\(name): \(failure.diagnostic.message)"
        throw failure
      }
    }
    return result(try changes(lists[0], lists[1], session), answers.map(\.name), call)
  }

  private func changes(
    _ from: [Connection],
    _ to: [Connection],
    _ session: Session
  ) throws(Failure) -> [PlannedChange] {
    let planner = ConnectionPlanner(policy: .never)
    let wanted = try desired(from)
    let (matches, rest) = planner.match(wanted, with: to)
    var changes = matches.map { planner.change($0, secrets: [:], others: rest) }
    changes += rest.map { PlannedChange.deletion($0, of: session.plugin($0.key.plugin)) }
    for index in changes.indices {
      // What an application would ask for, or could not do, is no difference.
      changes[index].notes = []
      changes[index].secrets = []
      changes[index].problems = []
    }
    return changes
  }

  /// The connections as an export has them.
  private func desired(_ connections: [Connection]) throws(Failure) -> [DesiredConnection] {
    do {
      let document = try ConnectionsFile.export(connections).document
      return try ConnectionsFile(parsing: YAML.write(document)).connections
    } catch let error as ExportCollision {
      throw .conflict(
        "\(error.first.key) and \(error.second.key) have names that cannot be distinguished",
        help: "use one of them another name, or compare with --plugin"
      )
    } catch {
      throw .conflict("the connections cannot be compared: \(error)")
    }
  }

  private func result(
    _ changes: [PlannedChange],
    _ names: [String],
    _ call: Call
  ) -> CommandResult {
    let report = PlanReport(changes: changes)
    let words =
      report.isEmpty
      ? "No differences: \(names[1]) has what \(names[0]) has; secrets are not compared."
      : "\(names[1]) differs from \(names[0]): \(report.summary); secrets are not compared"
    var data: JSONObject = ["from": .string(names[0]), "to": .string(names[1])]
    for member in report.json.members { data[member.key] = member.value }
    var result = CommandResult(
      Output(
        data: .object(data),
        view: .lines(report.lines + [words]),
        fields: ["from", "to", "changes", "summary"]
      )
    )
    if call.flag("exit-code"), !report.isEmpty {
      result.exitCode = .differences
      result.error = Diagnostic(code: .refused, message: "there are differences")
    }
    return result
  }
}
