import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That what was exported from one DevLake makes the same connections in another.
struct MovingTests {
  private static let pem =
    "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "MIIEabcd", count: 20)
    + "\n-----END RSA PRIVATE KEY-----"

  /// A connection of every plugin, with every field it has.
  private static func connections(_ era: Era) -> [JSONObject] {
    // What only the other server has, and what nobody recorded.
    let newer = [
      "claude_code", "clickup", "cursor", "grafana_irm", "incidentio", "kiro", "linear", "rootly",
      "tempo",
    ]
    let missing = (era == .may2026 ? newer : ["q_dev"]) + ["azuredevops"]
    return PluginRegistry.standard.plugins.filter { !missing.contains($0.id) }
      .map { plugin in
        var object: JSONObject = ["plugin": .string(plugin.id)]
        let unused = plugin.authMethods.dropFirst().map(\.name)
        for field in plugin.fields {
          if case .with(let method) = field.requirement, unused.contains(method) { continue }
          object[field.name] = value(field)
        }
        object["name"] = .string("C - \(plugin.displayName)")
        if plugin.endpoint != nil { object["endpoint"] = "https://host.example/rest/" }
        if plugin.storesAuthMethod, let method = plugin.authMethods.first {
          object["authMethod"] = .string(method.name)
        }
        return object
      }
  }

  private static let others: [JSONObject] = [
    [
      "plugin": "github", "name": "an App", "endpoint": "https://ghe.example/api/v3/",
      "authMethod": "AppKey", "appId": "12", "installationId": 5, "secretKey": .string(pem),
    ],
    [
      "plugin": "github", "name": "two tokens: 'one', # \"two\"",
      "endpoint": "https://api.github.com/", "authMethod": "AccessToken",
      "token": .string(Tokens.github + "," + Tokens.newGitHub), "proxy": "http://u:pw@proxy:1",
    ],
    [
      "plugin": "jira", "name": "дом 🏠", "endpoint": "https://jira.example/rest/",
      "authMethod": "AccessToken", "token": "a-jira-token", "username": "left over",
    ],
    ["plugin": "gitlab", "name": "no", "endpoint": "https://gitlab.com/api/v4/", "token": "t-1"],
    ["plugin": "gitlab", "name": "1.50", "endpoint": "https://gitlab.com/api/v4/", "token": "t-2"],
  ]

  private static func value(_ field: PluginField) -> JSONValue {
    switch field.kind {
    case .integer: 1234
    case .boolean: field.standard == true ? false : true
    case .date: nil
    case .choice(let words): .string(words.last ?? "")
    case .pem: .string(pem)
    case .json: []
    case .text:
      switch field.name {
      case "proxy": "http://127.0.0.1:9311"
      case "token" where field.mask == .githubToken: .string(Tokens.github)
      case "dbUrl": "mysql://user:pass-word@host/db"
      default: .string("a-\(field.name)")
      }
    }
  }

  @Test(arguments: Era.allCases)
  func `every plugin and field arrives, and a second time nothing is to do`(
    _ era: Era
  ) async throws {
    let seeds = Self.connections(era) + Self.others
    let seed = Seed.json(["connections": .array(seeds.map { .object($0) })])
    try await ShellFixture.with(seed: seed, era: era) { old in
      let export = await old.run("export > a.yaml")
      #expect(export.exitCode == .success, "\(export.stderr)")
      #expect(!export.stderr.contains("refuses"), "\(export.stderr)")
      let text = try #require(old.folder.text("a.yaml"))
      for secret in ["pass-word", "a-token", Tokens.github, "u:pw", "a-password", "MIIE"] {
        #expect(!text.contains(secret))
      }
      // The person sets what only they know: the secrets, by the names the file has.
      let variables = try Self.secrets(of: text, seeds)
      let here = await old.with(variables).run("plan a.yaml --exit-code")
      #expect(here.exitCode == .success, "\(here.everything)")
      try await ShellFixture.with(era: era) { new in
        try new.folder.write("a.yaml", text)
        let place = new.with(variables)
        let apply = await place.run("apply a.yaml --yes --no-test --secret-file keys")
        #expect(apply.exitCode == .success, "\(apply.everything)")
        for secret in variables.values { #expect(!apply.everything.contains(secret)) }
        #expect(await place.run("export", ["-q"]).stdout == text)
        for plugin in Set(seeds.compactMap { $0["plugin"]?.string }) {
          try expectSame(old, new, plugin)
        }
        let writes = new.writes.count
        let again = await place.run("apply a.yaml --yes --secret-file keys2")
        #expect(again.exitCode == .success, "\(again.everything)")
        #expect(again.stdout.hasPrefix("No changes: DevLake matches the file"))
        #expect(new.writes.count == writes)
        #expect(new.folder.text("keys")?.hasPrefix("DEVLAKE_WEBHOOK_C___WEBHOOK_") == true)
        #expect(new.folder.text("keys2") == nil)
      }
    }
  }

  /// Both hold the same by name, secrets too, but for what the databases give.
  private func expectSame(_ old: ShellFixture, _ new: ShellFixture, _ plugin: String) throws {
    func strip(_ place: ShellFixture) -> [String: JSONObject] {
      var all: [String: JSONObject] = [:]
      for var object in place.simulator.connections(plugin) {
        for name in ["id", "createdAt", "updatedAt"] { object[name] = nil }
        for name in object.keys where name.hasSuffix("Endpoint") || name == "apiKey" {
          object[name] = nil
        }
        // Another authentication's user name is of no use.
        if object["username"] == "left over" { object["username"] = "" }
        all[object["name"]?.string ?? ""] = object
      }
      return all
    }
    let (before, after) = (strip(old), strip(new))
    #expect(before.keys.sorted() == after.keys.sorted())
    for (name, object) in before {
      for key in object.keys {
        let value = object[key]?.int.map { "\($0)" } ?? object[key]?.string
        let moved = after[name]?[key]?.int.map { "\($0)" } ?? after[name]?[key]?.string
        #expect(value == moved, "\(plugin) \(name) \(key)")
        #expect(object[key]?.bool == after[name]?[key]?.bool, "\(plugin) \(name) \(key)")
      }
    }
  }

  /// The variables of a file, with the secrets the seeds have.
  private static func secrets(
    of text: String,
    _ seeds: [JSONObject]
  ) throws -> [String: String] {
    let document = try YAML.parse(text)
    var variables: [String: String] = [:]
    for entry in document["connections"]?.array ?? [] {
      let seed = try #require(
        seeds.first { $0["plugin"] == entry["plugin"] && $0["name"] == entry["name"] }
      )
      for member in entry.object?.members ?? [] {
        guard let value = member.value.string, value.hasPrefix("env:") else { continue }
        variables[String(value.dropFirst(4))] = try #require(seed[member.key]?.string)
      }
    }
    return variables
  }

  @Test func `a plugin the catalogue lacks moves, too`() async throws {
    try await ShellFixture.with { place in
      var newer = place
      let direct = place.transport
      newer.transport = { NewerDevLake(behind: direct($0)) }
      try newer.folder.write(
        "a.yaml",
        "version: 1\nconnections:\n- {plugin: newone, name: new, endpoint: 'https://h/', token: env:T}\n"
      )
      newer.variables["T"] = "glpat-secret-1"
      let apply = await newer.run("apply a.yaml --yes")
      #expect(apply.exitCode == .success, "\(apply.everything)")
      try #expect(place.stored("gitlab")["token"] == "glpat-secret-1")
      let again = await newer.run("apply a.yaml --yes")
      #expect(
        again.stdout.hasPrefix("No changes: DevLake matches the file"),
        "\(again.everything)"
      )
      let export = await newer.run("export --plugin newone", ["-q"])
      #expect(
        export.stdout == """
          # exported by devlake-shell; the last line counts them
          version: 1
          connections:
          - plugin: newone
            name: new
            endpoint: https://h/
            token: env:DEVLAKE_NEWONE_NEW_TOKEN
          # end of the export: 1 connection

          """
      )
    }
  }
}

/// A DevLake with a plugin nobody knows; it is like GitLab.
private struct NewerDevLake: HTTPTransport {
  let behind: any HTTPTransport

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    var inner = request
    inner.url = request.url.replacing("/plugins/newone/", with: "/plugins/gitlab/")
    return try await behind.send(inner, within: limit)
  }
}
