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
      .init(
        name: "out",
        kind: .file,
        placeholder: "PLAN",
        help: "new file for the plan, which 'apply --plan' compares with what it would do",
        effect: .makesFile
      ),
      .parallel, .instances,
    ],
    examples: [
      .init(
        input: "plan connections.yaml --out approved.plan",
        purpose: "what someone else approves before it is applied"
      ),
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
    if let out = call.option("out") {
      guard !session.options.isFleetMember else {
        throw .usage("'--out' keeps the plan of one DevLake", at: out, help: "plan for each alone")
      }
      let url = try await session.connected().url
      try KeptPlan(plan.changes, url, call, session.redactor).write(to: out, session)
    }
    let report = PlanReport(changes: plan.changes)
    var result = CommandResult(report.output)
    if call.flag("exit-code"), !report.isEmpty {
      result.exitCode = .differences
      result.error = Diagnostic(code: .refused, message: "there are differences")
    }
    return result
  }
}
