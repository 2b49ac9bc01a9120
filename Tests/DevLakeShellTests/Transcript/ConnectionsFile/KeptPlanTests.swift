import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// A plan that was approved is what is done, or nothing is.
struct KeptPlanTests {
  private static let file = """
    version: 1
    connections:
      - {plugin: gitlab, name: fresh, token: 'env:NEW'}
      - {plugin: jenkins, name: Jenkins - ci, endpoint: 'https://ci2.example.com/', username: ada}
    """

  private func prepared(_ body: (ShellFixture) async throws -> Void) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-s3cret-of-the-plan"])
      try place.folder.write("file.yaml", Self.file)
      let shell = await place.run("plan file.yaml --out kept.plan")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(try place.folder.mode("kept.plan") == 0o600)
      try await body(place)
    }
  }

  @Test func `the same plan is carried out, and who approved it is in the log`() async throws {
    try await prepared { place in
      let text = try #require(place.folder.text("kept.plan"))
      #expect(!text.contains("s3cret"), "\(text)")
      let shell = await place.run(
        "apply file.yaml --plan kept.plan --approved-by ada --yes --no-test"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.simulator.connections("gitlab").contains { $0["name"] == "fresh" })
      let log = try place.audit()
      #expect(!log.isEmpty)
      #expect(log.allSatisfy { $0["approvedBy"] as? String == "ada" }, "\(log)")
      // Once it is done the same plan is another one.
      let again = await place.run("apply file.yaml --plan kept.plan --yes")
      #expect(again.exitCode == .unasked, "\(again.everything)")
    }
  }

  @Test(arguments: ["file", "DevLake", "option", "plan", "order"])
  func `what changed meanwhile is named, and nothing is sent`(what: String) async throws {
    try await prepared { place in
      var line = "apply file.yaml --plan kept.plan --yes --no-test"
      switch what {
      case "file":
        try place.folder.write("file.yaml", Self.file.replacing("fresh", with: "other"))
      case "DevLake":
        let id = try #require(
          place.simulator.connections("jenkins").first { $0["name"] == "Jenkins - ci" }?["id"]?.int
        )
        place.simulator.change("jenkins", id, ["rateLimitPerHour": 7])
      case "option": line += " --prune --expect 3"
      case "plan":
        let text = try #require(place.folder.text("kept.plan"))
        try place.folder.write("kept.plan", text.replacing("fresh", with: "fresher"))
      default:
        let text = try #require(place.folder.text("kept.plan"))
        try place.folder.write("kept.plan", text.replacing("\"create\"", with: "\"delete\""))
      }
      let shell = await place.run(line)
      #expect(shell.exitCode == .unasked, "\(shell.everything)")
      #expect(shell.stderr.contains("nothing was"), "\(shell.stderr)")
      #expect(place.writes.isEmpty, "\(place.writes)")
    }
  }

  @Test(arguments: [
    ("nothing.plan", "nothing.plan"), ("file.yaml", "not JSON"), ("empty.json", "is not a plan"),
  ])
  func `what is no plan is refused`(name: String, reason: String) async throws {
    try await prepared { place in
      try place.folder.write("empty.json", "{}")
      let shell = await place.run("apply file.yaml --plan \(name) --yes")
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains(reason), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a plan is made for one DevLake, into a new file`() async throws {
    try await prepared { place in
      let again = await place.run("plan file.yaml --out kept.plan")
      #expect(again.exitCode == .usage)
      #expect(again.stderr.contains("exists"), "\(again.stderr)")
      let restricted = await place.run("plan file.yaml --out new.plan", ["--restricted"])
      #expect(restricted.exitCode == .usage)
      #expect(place.folder.text("new.plan") == nil)
      try await ShellFixture.with(seed: .demo) { other in
        let text = try #require(place.folder.text("kept.plan"))
        try other.folder.write("kept.plan", text)
        try other.folder.write("file.yaml", Self.file)
        let shell = await other.with(["NEW": "glpat-s3cret-of-the-plan"])
          .run("apply file.yaml --plan kept.plan --yes")
        #expect(shell.exitCode == .unasked, "\(shell.everything)")
        #expect(shell.stderr.contains("it was made for"), "\(shell.stderr)")
        #expect(other.writes.isEmpty)
      }
    }
  }
}
