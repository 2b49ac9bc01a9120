import DevLakeSimulator
import Testing

@testable import DevLakeKit

/// That what DevLake shows of a row tells whether it has what was sent.
struct SentFieldsTests {
  /// What was sent to a real DevLake, and the row it answered with.
  private struct Exchange {
    let plugin: PluginDescriptor
    let name: String
    let sent: JSONObject
    let row: Connection
  }

  private static func exchanges(_ recording: String) throws -> [Exchange] {
    var found: [Exchange] = []
    for exchange in try ContractExchange.all(of: recording) where exchange.requests.count == 1 {
      let (request, answer) = (exchange.requests[0], exchange.answers[0])
      let parts = request.path.split(separator: "/").map(String.init)
      guard ["POST", "PATCH"].contains(request.method), (200..<300).contains(answer.status),
        parts.count == 3 || parts.count == 4, parts[0] == "plugins", parts[2] == "connections",
        let body = request.body, let sent = (try? JSONValue(parsing: body))?.object,
        let value = answer.body
      else { continue }
      let plugin = PluginRegistry.standard.descriptor(for: parts[1])
      guard let row = Connection(value, of: plugin) else { continue }
      found.append(Exchange(plugin: plugin, name: exchange.name, sent: sent, row: row))
    }
    return found
  }

  static let recordings = [
    "argocd", "azuredevops_go", "bitbucket", "circleci", "gh-copilot", "github", "gitlab",
    "jenkins",
    "jira", "pagerduty", "sonarqube", "bamboo", "opsgenie", "slack", "tapd", "trello", "zentao",
  ]

  /// Only what the shell would send: fields of the plugin, no number, no time, texts that are none.
  private static func sendable(_ exchange: Exchange) -> RequestBody {
    var body = RequestBody()
    for member in exchange.sent.members {
      guard let field = exchange.plugin.field(member.key), !member.value.isNull else { continue }
      switch (field.kind, member.value) {
      case (.integer, .number) where member.value.int == nil: continue
      // DevLake makes a number of its own of a 0, which is a change it did not make.
      case (.integer, 0) where exchange.plugin.makesItsOwn(of: field): continue
      case (.integer, .string), (.text, .number): continue
      default: break
      }
      // DevLake keeps a secret for which an empty one is sent.
      if field.isSecret, member.value == "" || member.value.string?.contains("****") == true {
        continue
      }
      guard let text = member.value.string, field.isSecret else {
        body[member.key] = .json(member.value)
        continue
      }
      body[member.key] = .secret(Secret(text))
    }
    return body
  }

  @Test(arguments: recordings)
  func `a row that was just written has what was sent`(_ recording: String) throws {
    let exchanges = try Self.exchanges(recording)
    #expect(!exchanges.isEmpty)
    for exchange in exchanges {
      let sent = SentFields(sent: Self.sendable(exchange), plugin: exchange.plugin, before: nil)
      let untaken = sent.untaken(in: exchange.row)
      #expect(untaken.isEmpty, "\(recording) \(exchange.name): \(untaken)")
    }
  }

  private func row(_ plugin: PluginDescriptor, _ fields: JSONObject) throws -> Connection {
    var object: JSONObject = ["id": 1, "name": "old", "updatedAt": "2026-01-01T00:00:00Z"]
    for member in fields.members { object[member.key] = member.value }
    return try #require(Connection(.object(object), of: plugin))
  }

  @Test(arguments: [
    // before, now, what the look-up finds
    ("old", "2026-01-01T00:00:00Z", SentFields.Finding.absent),
    ("old", "2026-01-02T00:00:00Z", .absent),
    ("new", "2026-01-02T00:00:00Z", .taken),
    ("third", "2026-01-02T00:00:00Z", .open),
  ])
  func `a name tells whether a lost write arrived, the time does not`(
    _ name: String,
    _ time: String,
    _ finding: SentFields.Finding
  ) throws {
    var body = RequestBody()
    body["name"] = .json("new")
    let before = try row(.gitlab, [:])
    let now = try row(.gitlab, ["name": .string(name), "updatedAt": .string(time)])
    let sent = SentFields(sent: body, plugin: .gitlab, before: before)
    #expect(sent.finding(in: now) == finding)
  }

  @Test func `a secret that shows nothing is told by the time, unless others changed something`()
    throws
  {
    var body = RequestBody()
    body["password"] = .secret(Secret("new"))
    let before = try row(.jenkins, ["password": "", "rateLimitPerHour": 0])
    let sent = SentFields(sent: body, plugin: .jenkins, before: before)
    let same = try row(.jenkins, ["password": "", "rateLimitPerHour": 0])
    let moved = try row(
      .jenkins,
      ["password": "", "rateLimitPerHour": 0, "updatedAt": "2026-01-02T00:00:00Z"]
    )
    let foreign = try row(
      .jenkins,
      ["password": "", "rateLimitPerHour": 9, "updatedAt": "2026-01-02T00:00:00Z"]
    )
    #expect(sent.finding(in: same) == .absent)
    #expect(sent.finding(in: moved) == .taken)
    #expect(sent.finding(in: foreign) == .open)
    #expect(sent.untaken(in: same) == ["password"])
    #expect(sent.untaken(in: moved).isEmpty)
  }

  @Test func `a mask of another token is a proof, and the order of several is none`() throws {
    let (one, two) = (String(repeating: "a", count: 36), String(repeating: "b", count: 36))
    let masks = [one, two].map { SecretMask.githubToken("ghp_" + $0) }
    var body = RequestBody()
    body["token"] = .secret(Secret("ghp_\(one),ghp_\(two)"))
    let before = try row(.github, ["token": .string(masks[0])])
    let sent = SentFields(sent: body, plugin: .github, before: before)
    let now = try row(.github, ["token": .string(masks.reversed().joined(separator: ","))])
    #expect(sent.finding(in: now) == .taken)
    #expect(sent.untaken(in: before) == ["token"])
  }

  @Test(arguments: [("cursor", 1200), ("claude_code", 1000), ("gh-copilot", 5000), ("rootly", 0)])
  func `a rate limit of 0 that became another number was not taken`(
    _ name: String,
    _ shown: Int
  ) throws {
    let plugin = try #require(PluginRegistry.standard[name])
    var body = RequestBody()
    body["rateLimitPerHour"] = .json(0)
    let before = try row(plugin, ["rateLimitPerHour": 100])
    let now = try row(plugin, ["rateLimitPerHour": .integer(shown)])
    let sent = SentFields(sent: body, plugin: plugin, before: before)
    #expect(sent.untaken(in: now) == (shown == 0 ? [] : ["rateLimitPerHour"]))
  }

  @Test func `headers are compared by their names and the masks of their values`() throws {
    func shown(_ mask: String) -> JSONObject {
      [
        "customHeaders": [
          ["key": "X-A", "value": "ol*****el"], ["key": "X-B", "value": .string(mask)],
        ]
      ]
    }
    let before = try row(.claudeCode, shown("ef*****gh"))
    var body = RequestBody()
    body["customHeaders"] = .secret(
      before.headers(in: "customHeaders", with: [("X-B", Secret("new-value"))])
    )
    let sent = SentFields(sent: body, plugin: .claudeCode, before: before)
    #expect(try sent.untaken(in: row(.claudeCode, shown("ne*****ue"))).isEmpty)
    #expect(try sent.untaken(in: row(.claudeCode, shown("ef*****gh"))) == ["customHeaders"])
  }
}
