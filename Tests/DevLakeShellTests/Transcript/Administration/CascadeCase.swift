import DevLakeKit
import DevLakeSimulator

/// A connection with everything that can depend on one.
enum CascadeCase {
  /// github/1 has two scopes, stands in two NORMAL blueprints, one of them with jenkins/1, and in the
  /// plan of an ADVANCED one; bitbucket/1 and bitbucket_server/1 have ids that look alike.
  static let seed: Seed = .json([
    "connections": [
      [
        "plugin": "github", "name": "GitHub - acme", "endpoint": "https://api.github.com/",
        "authMethod": "AccessToken", "token": .string(Tokens.github),
        "scopes": [
          ["githubId": 11, "name": "api", "fullName": "acme/api", "cloneUrl": "https://x/a.git"],
          ["githubId": 12, "name": "web", "fullName": "acme/web", "cloneUrl": "https://x/w.git"],
        ],
      ],
      [
        "plugin": "jenkins", "name": "CI", "endpoint": "https://ci.example.com/",
        "username": "ada", "password": "old-secret",
        "scopes": [["fullName": "folder/job 1", "name": "job 1"]],
      ],
      ["plugin": "gitlab", "name": "free", "token": "old-secret"],
      [
        "plugin": "argocd", "name": "Argo", "endpoint": "https://argo.example.com/api/v1",
        "token": "old-secret-1",
      ],
    ],
    "projects": [
      [
        "name": "platform",
        "connections": [
          [
            "pluginName": "github", "connectionId": 1,
            "scopes": [["scopeId": "11"], ["scopeId": "12"]],
          ],
          [
            "pluginName": "jenkins", "connectionId": 1, "scopes": [["scopeId": "folder/job 1"]],
          ],
        ],
      ],
      [
        "name": "web",
        "connections": [
          ["pluginName": "github", "connectionId": 1, "scopes": [["scopeId": "12"]]]
        ],
      ],
    ],
    "blueprints": [
      [
        "name": "nightly", "mode": "ADVANCED",
        "plan": [[["plugin": "github_graphql", "options": ["connectionId": 1]]]],
      ]
    ],
  ])

  /// The requests that delete github/1 with all of that, in order.
  static let steps = [
    "PATCH /blueprints/1", "PATCH /blueprints/2",
    "DELETE /plugins/github/connections/1/scopes/11",
    "DELETE /plugins/github/connections/1/scopes/12", "DELETE /plugins/github/connections/1",
  ]

  /// How many of the steps DevLake has done, as what it holds tells; `nil` for anything else.
  static func done(in simulator: Simulator) -> Int? {
    let uses = simulator.blueprints.prefix(2).map { blueprint in
      (blueprint["connections"]?.array ?? []).contains { $0["pluginName"] == "github" }
    }
    let scopes = simulator.scopes("github", 1)
    let isThere = !simulator.connections("github").isEmpty
    let states: [([Bool], [String], Bool)] = [
      ([true, true], ["11", "12"], true), ([false, true], ["11", "12"], true),
      ([false, false], ["11", "12"], true), ([false, false], ["12"], true),
      ([false, false], [], true), ([false, false], [], false),
    ]
    return states.firstIndex { $0.0 == Array(uses) && $0.1 == scopes && $0.2 == isThere }
  }
}
