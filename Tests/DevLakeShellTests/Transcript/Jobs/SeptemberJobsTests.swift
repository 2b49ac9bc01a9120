import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// What a person with a server of September 2026 does with the plugins of the documents, those of 2026
/// and asana's, from the first connection to its deletion, without `api`.
struct SeptemberJobsTests {
  struct Job: Sendable, CustomTestStringConvertible {
    let plugin: String
    let options: String
    /// The variables of the old and the new secret.
    var secrets = (old: "OLD", new: "NEW")

    var testDescription: String { "\(plugin) \(options)" }
  }

  private static let github = (old: "GITHUB_OLD", new: "GITHUB_NEW")

  static let jobs = [
    Job(plugin: "github", options: "--org o --token env:GITHUB_OLD", secrets: github),
    Job(plugin: "gh-copilot", options: "--org o --token env:GITHUB_OLD", secrets: github),
    Job(plugin: "gitlab", options: "--org o --token env:OLD"),
    Job(plugin: "jenkins", options: "--endpoint https://ci.test/ --username u --token env:OLD"),
    Job(plugin: "circleci", options: "--token env:OLD"),
    Job(plugin: "bitbucket", options: "--username u@x.test --api-token --token env:OLD"),
    Job(
      plugin: "azuredevops_go",
      options: "--org o --proxy http://127.0.0.1:9311 --token env:OLD"
    ),
    Job(
      plugin: "jira",
      options: "--endpoint https://o.atlassian.net/rest/ --username u --token env:OLD"
    ),
    Job(plugin: "jira", options: "--client-id c --client-secret env:OLD --cloud-id abc-1"),
    Job(plugin: "jira", options: "--cloud-id abc-2 --token env:OLD"),
    Job(plugin: "pagerduty", options: "--token env:OLD"),
    Job(
      plugin: "sonarqube",
      options: "--endpoint https://sonar.test/api/ --token env:SONAR_OLD",
      secrets: ("SONAR_OLD", "SONAR_NEW")
    ),
    Job(plugin: "argocd", options: "--endpoint https://argo.test/api/v1 --token env:OLD"),
    Job(plugin: "rootly", options: "--token env:OLD"),
    Job(plugin: "incidentio", options: "--token env:OLD"),
    Job(plugin: "grafana_irm", options: "--endpoint https://o.grafana.net/ --token env:OLD"),
    Job(plugin: "tempo", options: "--token env:OLD"),
    Job(plugin: "linear", options: "--token env:OLD"),
    Job(plugin: "clickup", options: "--token env:OLD"),
    Job(plugin: "cursor", options: "--token env:OLD"),
    Job(plugin: "claude_code", options: "--org o --token env:OLD"),
    Job(
      plugin: "kiro",
      options: "--access-key-id AKIA0123456789ABCDEF --secret-access-key env:OLD "
        + "--region us-east-1 --bucket b"
    ),
    Job(plugin: "asana", options: "--token env:OLD"),
  ]

  private static let variables = [
    "OLD": "old-secret-0123456789", "NEW": "new-secret-9876543210", "BAD": "BAD-secret-0123456",
    "GITHUB_OLD": Tokens.github, "GITHUB_NEW": Tokens.newGitHub,
    "SONAR_OLD": "squ_" + String(repeating: "0a", count: 20),
    "SONAR_NEW": "squ_" + String(repeating: "1b", count: 20),
  ]

  @Test(arguments: jobs)
  func `from the first connection to its deletion`(_ job: Job) async throws {
    try await ShellFixture.with(seed: .empty, era: .september2026) { direct in
      let place = direct.with(Self.variables)
      func run(_ line: String, _ code: ExitCode = .success) async {
        let shell = await place.run(line)
        #expect(shell.exitCode == code, "\(line): \(shell.everything)")
        for value in Self.variables.values {
          #expect(!shell.everything.contains(value), "\(line): \(shell.everything)")
        }
      }
      func holds(_ variable: String) -> Bool {
        guard let value = Self.variables[variable] else { return false }
        return place.simulator.connections(job.plugin).first?.members.contains {
          $0.value == .string(value)
        } ?? false
      }
      let key = "\(job.plugin)/1"
      await run("create --plugin \(job.plugin) --name first \(job.options)")
      #expect(holds(job.secrets.old))
      await run("list --plugin \(job.plugin)")
      await run("show \(key)")
      await run("test \(key)")
      await run("test \(key) --deep")
      await run("rotate \(key) --token env:BAD", .failure)
      #expect(holds(job.secrets.old))
      await run("rotate \(key) --token env:\(job.secrets.new)")
      #expect(holds(job.secrets.new) && !holds(job.secrets.old))
      try place.folder.write("r.csv", "\(job.plugin),first,env:\(job.secrets.old)\n")
      await run("rotate --from r.csv --deep")
      #expect(holds(job.secrets.old))
      await run("update \(key) --name second")
      await run("export \(key) > one.yaml")
      await run("plan one.yaml --exit-code")
      await run("apply one.yaml --yes")
      let file = try #require(place.folder.text("one.yaml"))
      try place.folder.write("two.yaml", file.replacing("name: second", with: "name: third"))
      let variable = try #require(file.firstMatch(of: /env:(DEVLAKE_\w+)/)).output.1
      let moving = place.with([String(variable): Self.variables[job.secrets.new] ?? ""])
      let applied = await moving.run("apply two.yaml --yes")
      #expect(applied.exitCode == .success, "\(applied.everything)")
      let again = await moving.run("plan two.yaml --exit-code")
      #expect(again.exitCode == .success, "\(again.everything)")
      await run("doctor \(key)")
      await run("impact \(key)")
      await run("delete all --plugin \(job.plugin) --force", .unasked)
      await run("delete all --plugin \(job.plugin) --force --expect 2")
      #expect(place.simulator.connections(job.plugin).isEmpty)
    }
  }

  /// Every plugin the server has is described, and each can be asked for.
  @Test func `every plugin of the server is a plugin`() async throws {
    for (era, count) in [(Era.may2026, 38), (.september2026, 46)] {
      try await ShellFixture.with(seed: .empty, era: era) { place in
        let status = try await place.run("status --json").json() as? [String: Any]
        #expect(status?["plugins"] as? Int == count, "\(String(describing: status))")
        let plugins = try await place.run("plugins --json").records()
        let names = plugins.compactMap { $0["plugin"] as? String }
        #expect(names.contains("kiro") == (era == .september2026))
        #expect(names.contains("q_dev") == (era == .may2026))
        for name in names {
          let listed = await place.run("list --plugin \(name)")
          #expect(listed.exitCode == .success, "\(name): \(listed.everything)")
        }
      }
    }
  }
}
