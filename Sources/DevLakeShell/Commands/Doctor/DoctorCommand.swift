import DevLakeKit

/// Finds what is wrong with DevLake and its connections, and the command that fixes it: `doctor`.
struct DoctorCommand: Command {
  let signature = Signature(
    name: "doctor",
    abstract: "Find what is wrong with DevLake and each connection, and how to fix it",
    discussion: """
      Looks at the instance, tests the connections side by side, asks GitHub, GitLab and SonarQube when \
      tokens end, and finds what nothing uses, what two connections collect, and what a blueprint \
      names in vain. With --deep DevLake also lists what each credential can collect, and each scope \
      is read. Every command it proposes works as it stands. Exit code 1 when there is an error, 3 when DevLake \
      itself cannot be used; warnings are no failure. Without selectors every connection is looked \
      at. Changes nothing.
      """,
    arguments: [.selectors],
    options: [
      .plugin, .id, .condition, .parallel,
      .init(
        name: "deep",
        kind: .flag,
        help: "ask also what each credential can collect, and read each scope"
      ),
      .init(name: "no-test", kind: .flag, help: "do not ask the services, only DevLake"),
      .init(
        name: "days",
        kind: .integer(0...3650),
        placeholder: "N",
        help: "warn of credentials that expire within N days, 14 by default"
      ),
      .instances,
    ],
    examples: [
      .init(input: "doctor", purpose: "everything"),
      .init(input: "doctor --plugin github --days 60", purpose: "GitHub's, and early"),
      .init(input: "doctor --deep github/1", purpose: "also what its credential can read"),
      .init(input: "doctor --json", purpose: "for programs and cron"),
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    var doctor = Doctor(session: session, call: call)
    try await doctor.run()
    if Task.isCancelled { throw .interrupted }
    return DoctorReport(
      findings: doctor.findings,
      connections: doctor.connections,
      obstacle: doctor.obstacle
    ).result
  }
}
