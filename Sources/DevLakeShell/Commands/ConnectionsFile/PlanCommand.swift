import DevLakeKit

/// Shows what applying a connections file would change: `plan connections.yaml`.
struct PlanCommand: Command {
  let signature = Signature(
    name: "plan",
    abstract: "Show what 'apply' would change",
    discussion: """
      FILE is YAML or JSON as 'export' writes it; - is standard input. A field the file leaves out \
      is to have DevLake's default. A secret is compared with what DevLake shows of the stored one: \
      a mask of another secret is a change. That it is the same one only GitHub's masks tell; others \
      are unknown then and left alone. One that cannot be fetched counts as unchanged. With \
      --exit-code differences are 6, errors 1 or 3 as ever.
      """,
    arguments: [.connectionsFile],
    options: [
      .prune, .secretPolicy, .envFile,
      .init(
        name: "exit-code",
        kind: .flag,
        help: "exit with 6 if something would change"
      ),
      .parallel, .instances,
    ],
    examples: [
      .init(input: "plan connections.yaml", purpose: "what would change"),
      .init(
        input: "plan connections.yaml --prune --exit-code",
        purpose: "a drift check for cron or CI"
      ),
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    var plan = try await FilePlan(call, session)
    try await plan.compare(asks: false)
    plan.noteStrangers()
    let report = PlanReport(changes: plan.changes)
    var result = CommandResult(report.output)
    if call.flag("exit-code"), !report.isEmpty {
      result.exitCode = .differences
      result.error = Diagnostic(code: .refused, message: "there are differences")
    }
    return result
  }
}
