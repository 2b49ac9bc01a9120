import DevLakeKit
import DevLakeSimulator

/// What a recording takes for granted: rows that other recordings, or the recorder itself, made.
struct ContractPreparation: Sendable {
  /// Connections that exist before a case.
  struct Step: Sendable {
    let plugin: String
    /// Whether all older ones were deleted before.
    var clears = false
    /// Whether the next row's id, too, is known beforehand.
    var isMarker = false
    /// The recorded ids and the bodies that made them.
    let creates: [(id: Int, body: JSONValue)]
  }

  var seed = Seed.empty
  var era = Era.may2026
  var login = LoginDoor.off
  /// Sent before the first case.
  var requests: [ContractExchange.Sent] = []
  /// By the case they come before.
  var steps: [String: Step] = [:]

  /// What comes before a recording.
  static func of(_ recording: String) -> ContractPreparation {
    switch recording {
    case "core": core
    case "github": github
    case _ where recording.hasPrefix("2026/"):
      ContractPreparation(seed: version("v1.0.4-newest@88c14a2+2556d57"), era: .september2026)
    default: ContractPreparation()
    }
  }

  /// The servers of the recording of the login door, by the beginning of their cases.
  static let doors: [(prefix: String, preparation: ContractPreparation)] = [
    ("newest.", door(.on)), ("newest-no-forward-secret.", door(.onWithoutSecret)),
    ("june.", door(.june, "v1.0.4-june@50010e0")), ("newest-auth-off.", door(.off)),
  ]

  private static func door(
    _ login: LoginDoor,
    _ version: String = "v1.0.4-newest@88c14a2+2556d57"
  ) -> ContractPreparation {
    ContractPreparation(seed: self.version(version), era: .september2026, login: login)
  }

  private static func version(_ text: String) -> Seed { .json(["version": .string(text)]) }

  /// `core` was recorded after the plugins: with a project whose blueprint had been deleted and
  /// two connections with a scope each.
  private static let core = ContractPreparation(
    seed: .json([
      "version": "local@420e494b",
      "connections": [
        [
          "plugin": "github", "id": 50, "name": "rec-core-gh",
          "endpoint": "http://127.0.0.1:9310/ok/github/", "authMethod": "AccessToken",
          "token": .string(githubToken), "rateLimitPerHour": 4500,
          "scopes": [
            [
              "githubId": 123, "name": "repo", "fullName": "octo/repo",
              "cloneUrl": "http://127.0.0.1/x.git", "HTMLUrl": "http://x",
            ]
          ],
        ],
        [
          "plugin": "jenkins", "id": 49, "name": "rec-core-jk",
          "endpoint": "http://127.0.0.1:9310/ok/jenkins/", "username": "admin",
          "password": "jenkins-Secret-0123456789", "rateLimitPerHour": 100,
          "scopes": [["fullName": "folder/job1", "name": "job1", "url": "http://x/job1"]],
        ],
      ],
      "projects": [["name": "rec-proj-jenkins", "description": "d"]],
    ]),
    requests: [
      ContractExchange.Sent(method: "DELETE", path: "/blueprints/1", headers: [], body: nil)
    ]
  )

  /// The end of github's recording was made after `core`, whose connections it lists.
  private static let github = ContractPreparation(
    steps: [
      "special-token-two": Step(
        plugin: "github",
        clears: true,
        creates: [
          (50, connection("rec-core-gh")), (51, connection("rec-core-rest")),
          (52, connection("rec-core-big")), (53, connection("rec-dk-2", rateLimit: 0)),
          (54, connection("rec-ck", rateLimit: 0)), (55, connection("rec-trail")),
          (56, connection("rec-two-1")),
        ]
      ),
      "poison-ghp-short.create": marker(61, "ghp-short"),
      "poison-finegrained-short.create": marker(63, "finegrained-short"),
      "poison-appkey-short-secret.create": marker(65, "appkey-short-secret"),
    ]
  )

  private static let githubToken = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"

  private static func marker(_ id: Int, _ name: String) -> Step {
    Step(
      plugin: "github",
      isMarker: true,
      creates: [(id, connection("rec-poison-marker-\(name)"))]
    )
  }

  private static func connection(_ name: String, rateLimit: Int = 4500) -> JSONValue {
    [
      "name": .string(name), "endpoint": "http://127.0.0.1:9310/ok/github/",
      "authMethod": "AccessToken", "token": .string(githubToken), "proxy": "",
      "enableGraphql": true, "rateLimitPerHour": .integer(rateLimit),
    ]
  }
}
