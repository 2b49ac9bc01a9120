import DevLakeKit
import DevLakeSimulator

/// Connections over six plugins, each with a secret of its own and a new one in a variable.
struct ManyConnections {
  struct One {
    let plugin: String
    let id: Int
    let field: String
    let old: String
    let new: String
    let values: JSONObject

    var name: String { "\(plugin) team \(id)" }
    var variable: String {
      "NEW_\(plugin.uppercased().replacing("-", with: "_"))_\(id)"
    }
  }

  let all: [One]

  /// - Parameter counts: How many of each plugin.
  init(_ counts: KeyValuePairs<String, Int> = Self.fifty) {
    all = counts.flatMap { plugin, count in (1...count).map { Self.one(plugin, $0) } }
  }

  static let fifty: KeyValuePairs = [
    "github": 12, "gitlab": 10, "jenkins": 8, "circleci": 8, "jira": 6, "argocd": 6,
  ]

  private static func one(_ plugin: String, _ id: Int) -> One {
    let isGitHub = plugin == "github"
    func secret(_ kind: String) -> String {
      let text = "\(kind)\(plugin)\(id)x"
      return (isGitHub ? "ghp_" : "") + text.padded(to: isGitHub ? 36 : 20)
    }
    let values: JSONObject =
      switch plugin {
      case "github": ["endpoint": "https://api.github.com/", "authMethod": "AccessToken"]
      case "gitlab": ["endpoint": "https://gitlab.com/api/v4/"]
      case "jenkins": ["endpoint": "https://ci.example.com/", "username": "ada"]
      case "jira":
        [
          "endpoint": "https://acme.atlassian.net/rest/", "authMethod": "BasicAuth",
          "username": "ada@example.com",
        ]
      case "argocd": ["endpoint": "https://argocd.example.com/api/v1"]
      case "sonarqube": ["endpoint": "https://sonarqube.example.com/api/"]
      case "pagerduty": ["endpoint": "https://api.pagerduty.com/"]
      case "gh-copilot": ["endpoint": "https://api.github.com", "organization": "acme"]
      default: ["endpoint": "https://circleci.com/api/"]
      }
    return One(
      plugin: plugin,
      id: id,
      field: ["jenkins", "jira"].contains(plugin) ? "password" : "token",
      old: secret("Old"),
      new: secret("New"),
      values: values
    )
  }

  var seed: Seed {
    .json([
      "connections": .array(
        all.map { one in
          var object: JSONObject = ["plugin": .string(one.plugin), "name": .string(one.name)]
          for member in one.values.members { object[member.key] = member.value }
          object[one.field] = .string(one.old)
          return .object(object)
        }
      )
    ])
  }

  /// The variables with the new secrets; the one named is refused by its service.
  func variables(bad: String? = nil) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: all.map { one in
        (one.variable, one.variable == bad ? one.new.replacing("New", with: "BAD") : one.new)
      }
    )
  }

  /// The file of a rotation: ids and names by turns.
  var file: String {
    "plugin,id-or-name,REF\n"
      + all.map { one in
        "\(one.plugin),\(one.id % 2 == 0 ? "\(one.id)" : "\"\(one.name)\""),env:\(one.variable)\n"
      }
      .joined()
  }

  /// The secrets DevLake holds, in the order of ``all``.
  func stored(in place: ShellFixture) throws -> [String?] {
    try all.map { try place.stored($0.plugin, $0.id)[$0.field]?.string }
  }
}

extension String {
  fileprivate func padded(to length: Int) -> String {
    self + String(repeating: "7q", count: max(0, (length - count + 1) / 2))
  }
}
