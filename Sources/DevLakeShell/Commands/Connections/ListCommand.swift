import DevLakeKit
import ShellLanguage

/// Lists connections: `list`, `list --plugin jira`.
struct ListCommand: Command {
  let signature = Signature(
    name: "list",
    abstract: "List connections, of the selected plugin or of all",
    discussion: """
      Without a plugin, those of every plugin are fetched side by side. A plugin whose list fails \
      is reported and makes the exit code 4.
      """,
    arguments: [.selectors],
    options: [
      .plugin,
      .id,
      .condition,
      .init(
        name: "wide",
        kind: .flag,
        help: "endpoint, authentication, proxy, rate limit, age, age and end of the secret too"
      ),
      .instances,
    ],
    examples: [
      .init(input: "list", purpose: "all connections, or those of the selected plugin"),
      .init(input: "list --plugin jira", purpose: "those of one plugin"),
      .init(input: "list --where 'name ~ my-org'", purpose: "those with my-org in their name"),
    ],
    phrases: [
      ["configure", "connection", "list"], ["configure", "connections", "list"],
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let conditions = try call.all(option: "where").map { (given) throws(Failure) in
      try Selection.Condition(given)
    }
    var inventory = Survey()
    if !call.all(argument: "SEL").isEmpty || call.option("id") != nil {
      let targets = try await Selection(session: session, call: call).targets(needsDetails: true)
      inventory.connections = targets.compactMap(\.connection)
    } else if let plugin = call.option("plugin").map({ session.plugin($0.text) })
      ?? session.selectedPlugin
    {
      inventory.connections = try await session.connections(of: plugin, at: call.option("plugin"))
    } else {
      inventory = try await session.survey()
      try checkAllFailed(inventory)
    }
    let rows = inventory.connections.map { session.fields(of: $0) }
    for condition in conditions { try condition.check(against: rows) }
    let output = try ConnectionListing(isWide: call.flag("wide"), now: session.world.now())
      .output(
        rows.filter(where: conditions) { $0 },
        of: inventory
      )
    guard let (_, error) = inventory.failures.first else {
      guard let error = inventory.unlisted else { return CommandResult(output) }
      var result = CommandResult(
        output,
        exitCode: .partial,
        error: Diagnostic(code: error.code, message: "the list of plugins: \(error.description)")
      )
      result.showsFailure = false
      return result
    }
    var result = CommandResult(
      output,
      exitCode: .partial,
      error: Diagnostic(
        code: error.code,
        message: inventory.failureTexts.joined(separator: "; ")
      )
    )
    result.showsFailure = false
    for (plugin, error) in inventory.failures where error.status == 500 && plugin.canHoldBrokenRows
    {
      let failure = await session.brokenListFailure(error, plugin)
      guard !session.inventory.brokenRows(of: plugin.id).isEmpty else { continue }
      result.notes.append("   💡 " + failure.diagnostic.message)
      if let help = failure.diagnostic.help { result.notes.append("      " + help) }
    }
    return result
  }

  /// Nothing but failures is not a list.
  private func checkAllFailed(_ inventory: Survey) throws(Failure) {
    guard inventory.plugins.isEmpty, let (plugin, error) = inventory.failures.first else { return }
    let isSame = inventory.failures.allSatisfy { $0.error.kind == error.kind }
    throw isSame ? Failure(error) : Failure(error, doing: plugin.id)
  }
}
