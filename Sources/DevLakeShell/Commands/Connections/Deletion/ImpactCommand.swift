import DevLakeKit

/// Tells what depends on connections: `impact github/1`.
struct ImpactCommand: Command {
  let signature = Signature(
    name: "impact",
    abstract: "Show what depends on connections and whether they can be deleted",
    discussion: """
      Blueprints with their plans, also what runs before and after them and the tasks that ride on \
      the connection, scopes and scope configs, and the running pipelines. DevLake itself protects \
      a connection from deletion only where a NORMAL blueprint lists it.
      """,
    arguments: [.selectors],
    options: [.plugin, .id, .condition, .parallel, .instances],
    examples: [.init(input: "impact github/1", purpose: "blueprints, projects and scopes")]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "impact 3")
    return try await run(targets, call, in: session)
  }

  func run(
    _ targets: [ConnectionTarget],
    _ call: Call,
    in session: Session
  ) async throws(Failure) -> CommandResult {
    let previews = try await ImpactReport.previews(of: targets, call, in: session)
    var reports: [ImpactReport] = []
    for preview in previews {
      switch preview {
      case .report(let report): reports.append(report)
      case .broken(let key): throw session.brokenRowFailure(key)
      }
    }
    return CommandResult(
      Output(
        data: .array(reports.map { .object($0.json) }),
        view: .lines(reports.flatMap(\.lines))
      )
    )
  }
}
