import Foundation
import Testing

/// What DevLake answers to a test, by plugin and by what the service does: the tables of the facts,
/// copied as they stand beside this file.
struct VerdictTable {
  /// One plugin, and one thing a service does.
  struct Cell: Sendable, CustomTestStringConvertible {
    let plugin: String
    /// The recording it is in.
    let recording: String
    /// What the service does, as the recordings call it: `401`, `html`, `refused`, `ok`.
    let mode: String
    let status: Int
    /// Whether DevLake says that the test passed.
    let isPassed: Bool

    var testDescription: String { "\(recording) \(mode)" }
  }

  /// The cells of both tables; empty when they cannot be read, which a test notices.
  static let cells = may + september

  private static var september: [Cell] {
    let rows = lines("tests-2026-09.md").map { line in
      line.split(separator: "|").map { $0.replacing("*", with: "").trimmingPrefix(while: blank) }
        .map { String($0.reversed().drop(while: blank).reversed()) }
    }
    guard let plugins = rows.first?.dropFirst() else { return [] }
    let modes = [
      "ok": ["ok"], "401": ["401"], "403": ["403"], "404": ["404"],
      "429 / 500 / 502": ["429", "500", "502"],
      "200 with HTML, empty, broken JSON": ["html", "empty", "badjson"],
      "refused / DNS": ["refused", "dns-fail"],
    ]
    return rows.dropFirst().flatMap { row -> [Cell] in
      guard let label = row.first, let modes = modes[label] else { return [] }
      return modes.flatMap { mode in
        zip(plugins, row.dropFirst()).map { plugin, text in
          Cell(
            plugin: plugin,
            recording: "2026/\(plugin)",
            mode: mode,
            status: text.hasPrefix("same") ? Int(mode) ?? 0 : Int(text.prefix(3)) ?? 0,
            isPassed: text.prefix { $0 != "(" }.contains("+")
          )
        }
      }
    }
  }

  private static var may: [Cell] {
    let plugins = [
      "github", "gh-copilot", "jenkins", "circleci", "gitlab", "bitbucket", "azuredevops_go",
      "jira",
      "pagerduty", "sonarqube", "argocd",
    ]
    return lines("tests-2026-05.txt").flatMap { line -> [Cell] in
      let words = line.split(separator: " ").map(String.init)
      guard words[0].hasPrefix("test-") else { return [] }
      let mode = words[0].replacing("test-upstream-", with: "").replacing("test-", with: "")
      return zip(plugins, words.dropFirst()).compactMap { plugin, text in
        guard let status = Int(text.prefix(3)) else { return nil }
        // `200!` is a 200 with success:false; pagerduty reports success under every status.
        let lies = plugin == "pagerduty" && !["401", "refused", "dns-fail"].contains(mode)
        return Cell(
          plugin: plugin,
          recording: plugin,
          mode: mode,
          status: status,
          isPassed: lies || (status < 300 && !text.hasSuffix("!"))
        )
      }
    }
  }

  private static func blank(_ character: Character) -> Bool { character == " " }

  private static func lines(_ name: String) -> [Substring] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
    // What cannot be read gives no cells.
    return ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
  }
}
