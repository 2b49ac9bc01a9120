import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That whatever DevLake answers, a person gets a clear line and the right exit code, no write is
/// sent twice, and what is said of a change is what DevLake holds.
@Suite(.serialized)
struct FaultMatrixTests {
  @Test func `every command is in the matrix, or asks nobody`() {
    let covered = Set(FaultMatrix.jobs.map(\.command))
    let local = Set(
      FaultMatrix.local.flatMap { $0.split(separator: ";") }
        .map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }
    )
    let others = covered.union(FaultMatrix.elsewhere)
    for name in CommandRegistry.standard.names where !others.contains(name) {
      #expect(local.contains(name), "'\(name)' is missing in FaultMatrix")
    }
  }

  @Test(arguments: FaultMatrix.faults)
  func `a fault is told, and nothing is lost`(_ fault: String) async throws {
    for reach in FaultMatrix.Reach.allCases {
      for job in FaultMatrix.jobs where FaultMatrix.meets(job, fault, reach) {
        try await ShellFixture.with(seed: .demo, faults: reach.rules(fault)) { place in
          try place.folder.write("wanted.yaml", FaultMatrix.wanted)
          let before = held(place)
          // What hangs is waited for that long; everything else has the usual time.
          let shell = await place.run(job.line, fault == "hang" ? ["--timeout", "0.3"] : [])
          let context: Comment = "\(fault) \(reach) \(job): \(shell.exitCode) \(shell.everything)"
          #expect(codes(fault, reach, job).contains(shell.exitCode), context)
          // What came with a success and is no JSON is shown as it is.
          if !(job.takesAnything && shell.exitCode.isSuccess) { expectClear(shell, context) }
          expectOnce(place.writes, context)
          guard job.writes, !shell.everything.contains("it is unknown whether") else { return }
          // What failed has changed nothing, and what succeeded something.
          #expect((held(place) == before) == !shell.exitCode.isSuccess, context)
        }
      }
    }
  }

  @Test(arguments: FaultMatrix.local)
  func `what needs no DevLake works without one`(_ line: String) async throws {
    try await ShellFixture.with(faults: ["*=reset"]) { place in
      try place.folder.write("other.lake", "echo included\n")
      let shell = await place.run(line)
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [
    ("http://127.0.0.1:1", "nothing listens"), ("http://nowhere.invalid:8080", "nowhere.invalid"),
    ("https://127.0.0.1:1", "nothing listens"), ("ftp://127.0.0.1", "http"),
  ])
  func `a DevLake that is not there is told at once`(_ url: String, _ words: String) async throws {
    try await ShellFixture.with { place in
      let place = place.with(["DEVLAKE_URL": url])
      try place.folder.write("wanted.yaml", FaultMatrix.wanted)
      for job in FaultMatrix.jobs {
        let shell = await place.run(job.line)
        #expect([.unreachable, .usage].contains(shell.exitCode), "\(job): \(shell.everything)")
        #expect(shell.everything.contains(words), "\(job): \(shell.everything)")
        expectClear(shell, "\(url) \(job): \(shell.everything)")
      }
    }
  }

  @Test func `an answer without end is refused`() async throws {
    try await ShellFixture.with(seed: .demo, faults: ["/plugins/gitlab/connections=huge"]) {
      place in
      let shell = await place.run("list --plugin gitlab")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("MiB"), "\(shell.stderr)")
    }
  }

  @Test func `a connection closed between requests is opened again`() async throws {
    try await ShellFixture.with(seed: .demo, faults: ["GET /plugins/gitlab/connections/*#2=close"])
    {
      place in
      let shell = await place.run("show gitlab/1; show gitlab/2; show gitlab/1")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
    }
  }

  @Test func `a slow DevLake is waited for`() async throws {
    for job in FaultMatrix.jobs where job.line != "test all" {
      try await ShellFixture.with(seed: .demo, faults: ["*=slow:20"]) { place in
        try place.folder.write("wanted.yaml", FaultMatrix.wanted)
        let shell = await place.run(job.line)
        #expect(shell.exitCode == .success, "\(job): \(shell.everything)")
      }
    }
  }

  /// The exit codes that tell the truth.
  private func codes(
    _ fault: String,
    _ reach: FaultMatrix.Reach,
    _ job: FaultMatrix.Job
  ) -> Set<ExitCode> {
    let isCut = fault.hasPrefix("cut:")
    switch reach {
    // A cut behind the end of the first answers lets DevLake be found.
    case .everything where isCut: return [.unreachable, .failure, .partial, .success]
    case .everything: return fault == "hang" ? [.timeout] : [.unreachable]
    case .afterDiscovery where job.command == "connect": return [.success]
    // An overview for which every list breaks off has nothing to show.
    case .afterDiscovery where isCut && job.isOverview: return [.unreachable, .partial, .success]
    case .afterDiscovery where isCut: return [.failure, .partial, .success]
    case .afterDiscovery where job.isOverview: return [.unreachable, .partial]
    // Whatever fails is a finding.
    case .afterDiscovery where job.command == "doctor": return [.failure, .unreachable, .timeout]
    case .afterDiscovery where job.takesAnything && Self.isSuccess(fault): return [.success]
    case .afterDiscovery, .writes:
      if fault == "hang" { return job.command == "test" ? [.failure, .timeout] : [.timeout] }
      if FaultMatrix.aboutServer.contains(fault) { return [.unreachable] }
      // A write that was carried out before its answer broke off is looked up and is a success.
      return isCut ? [.success, .failure] : [.failure]
    }
  }

  private static func isSuccess(_ fault: String) -> Bool {
    fault.hasPrefix("status:2") || ["garbage", "notutf8", "deep"].contains(fault)
  }

  /// Something is said of what failed, in lines for people.
  private func expectClear(_ shell: Transcript, _ context: Comment) {
    let lines = shell.everything.split(separator: "\n")
    if !shell.exitCode.isSuccess {
      #expect(
        lines.contains { line in
          ["error:", "warning:", "❌", "⏱"].contains { line.contains($0) }
        },
        context
      )
    }
    for line in lines {
      #expect(line.count < 300, context)
      for word in ["NIO", "HTTPClient", "Optional(", "errno", "0x", "rawValue"] {
        #expect(!line.contains(word), context)
      }
    }
  }

  private func expectOnce(_ writes: [String], _ context: Comment) {
    // A rotation tests the candidate, and then what was saved.
    let changing = writes.filter { !$0.hasSuffix("/test") }
    #expect(Set(changing).count == changing.count, context)
  }

  /// What DevLake holds, without its own bookkeeping.
  private func held(_ place: ShellFixture) -> [String: [JSONObject]] {
    var tables: [String: [JSONObject]] = [:]
    for plugin in ["github", "gitlab", "circleci"] {
      tables[plugin] = place.simulator.connections(plugin)
    }
    return tables
  }
}
