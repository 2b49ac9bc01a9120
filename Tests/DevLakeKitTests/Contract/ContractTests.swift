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

  @Test(
    "the simulator answers as recorded, but for the exceptions listed",
    arguments: inDepth + inBrief
  )
  func replay(_ recording: String) async throws {
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

  @Test("at least 97 of 100 recorded exchanges are no exceptions")
  func agreement() throws {
    let recordings = Self.inDepth + Self.inBrief
    let all = try recordings.map { try ContractExchange.all(of: $0).count }.reduce(0, +)
    let exceptions = try recordings.map { try Self.exceptions(of: $0).count }.reduce(0, +)
    #expect(all > 2500)
    #expect(Double(all - exceptions) >= 0.97 * Double(all))
  }

  /// The cases of a recording that the simulator answers otherwise, for a reason: lines
  /// `recording case: reason` in `exceptions.txt` beside the recordings.
  static func exceptions(of recording: String) throws -> Set<String> {
    let text = try String(contentsOf: ContractExchange.file("exceptions.txt"), encoding: .utf8)
    var cases: Set<String> = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ", maxSplits: 2)
      try #require(words.count == 3 && words[1].hasSuffix(":"), "\(line)")
      if words[0] == recording { cases.insert(String(words[1].dropLast())) }
    }
    return cases
  }
}
