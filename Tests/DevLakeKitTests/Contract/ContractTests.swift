import DevLakeSimulator
import Foundation
import Testing

/// The simulator against the recordings of a real DevLake.
@Suite("Contract")
struct ContractTests {
  static let inDepth = [
    "core", "github", "gh-copilot", "jenkins", "circleci", "gitlab", "bitbucket",
    "azuredevops_go", "jira", "pagerduty", "sonarqube", "argocd",
  ]

  static let inBrief = [
    "ae", "asana", "bamboo", "bitbucket_server", "feishu", "gitee", "opsgenie", "q_dev", "slack",
    "taiga", "tapd", "teambition", "testmo", "trello", "webhook", "zentao",
  ]

  static let ofSeptember = [
    "asana", "auth", "claude_code", "clickup", "core-2026", "cursor", "grafana_irm", "incidentio",
    "jira-oauth2", "kiro", "linear", "rootly", "tempo",
  ].map { "2026/" + $0 }

  /// The older recordings that hold on the newer server as well (measured).
  static let stillTrue = (inDepth + inBrief).filter {
    !["core", "jira", "opsgenie", "q_dev", "sonarqube"].contains($0)
  }

  @Test(arguments: stillTrue)
  func `what held in May holds in September`(_ recording: String) async throws {
    let outcomes = try await ContractReplay.outcomes(of: recording, on: .september2026)
    let exceptions = try Self.exceptions(of: recording)
    for outcome in outcomes where !exceptions.contains(outcome.name) {
      #expect(outcome.differences.isEmpty, "\(recording) \(outcome.name): \(outcome.differences)")
    }
  }

  @Test(
    arguments: inDepth + inBrief + ofSeptember
  )
  func `the simulator answers as recorded, but for the exceptions listed`(
    _ recording: String
  ) async throws {
    let outcomes = try await ContractReplay.outcomes(of: recording)
    let exceptions = try Self.exceptions(of: recording)
    for outcome in outcomes {
      let text = "\(recording) \(outcome.name):\n  \(outcome.differences.joined(separator: "\n  "))"
      if exceptions.contains(outcome.name) {
        #expect(!outcome.differences.isEmpty, "\(text)is listed as an exception, yet agrees")
      } else {
        #expect(outcome.differences.isEmpty, "\(text)")
      }
    }
    let names = Set(outcomes.map(\.name))
    #expect(exceptions.subtracting(names).isEmpty, "exceptions that no recording has")
  }

  @Test(
    arguments: [(inDepth + inBrief, 2500), (ofSeptember, 1400)]
  )
  func `at least 99 of 100 recorded exchanges are no exceptions`(
    _ recordings: [String],
    _ least: Int
  ) throws {
    let all = try recordings.map { try ContractExchange.all(of: $0).count }.reduce(0, +)
    let exceptions = try recordings.map { try Self.exceptions(of: $0).count }.reduce(0, +)
    #expect(all > least)
    #expect(Double(all - exceptions) >= 0.99 * Double(all))
  }

  /// The cases of a recording that the simulator answers otherwise, for a reason: lines
  /// `recording case: reason` in `exceptions.txt` beside the recordings.
  static func exceptions(of recording: String) throws -> Set<String> {
    let text = try String(contentsOf: ContractExchange.file("exceptions.txt"), encoding: .utf8)
    var cases: Set<String> = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let blank = try #require(line.firstIndex(of: " "), "\(line)")
      let end = try #require(line.firstRange(of: ": "), "\(line)")
      guard line[..<blank] == recording else { continue }
      cases.insert(String(line[line.index(after: blank)..<end.lowerBound]))
    }
    return cases
  }
}
