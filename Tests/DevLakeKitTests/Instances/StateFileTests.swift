import Testing

@testable import DevLakeKit

@Suite struct StateFileTests {
  @Test(arguments: [
    ("http://localhost:8080", "http://localhost:8080/", true),
    ("http://localhost:8080/", "HTTP://LocalHost:8080", true),
    ("http://127.0.0.1:8080", "http://localhost:8080", true),
    ("http://[::1]:8080/", "http://localhost:8080", true),
    ("https://lake.example.com:443", "https://Lake.example.com/", true),
    ("http://user:p%40ss@lake/", "http://lake:80", true),
    ("http://lake/devlake/", "http://lake/devlake", true),
    ("http://lake:4000/api", "http://lake:4000", true),
    ("http://lake:4000/api/rest", "http://lake:4000/api", true),
    ("http://lake./", "http://lake", true),
    ("lake:8080", "http://lake:8080", true),
    ("http://lake:8080?@evil", "http://lake:8080", false),
    ("http://lake:8080/x@evil", "http://lake:8080", false),
    ("http://lake:8080\\@evil", "http://lake:8080", false),
    ("http://lake:8080", "http://lake:8081", false),
    ("http://lake", "https://lake", false),
    ("http://lake/a", "http://lake/b", false),
    ("http://lake/A", "http://lake/a", false),
    ("http://[::2]:80", "http://localhost", false),
    ("lake", "lake", false),
    ("", "http://lake", false),
  ])
  func `knows its instance`(stored: String, url: String, belongs: Bool) throws {
    let json = JSONValue.object(["endpoints": ["backend": .string(stored)]]).text
    let file = try StateFile(parsing: Array(json.utf8))
    // What is no address is nobody's.
    let asked = try? ServerURL(url)
    #expect(asked.map(file.belongs) ?? false == belongs)
  }

  @Test(arguments: [
    ("http://user:hunter2@lake:8080/", "http://lake:8080"),
    ("http://user:hun@ter2@lake", "an unusable address"),
    ("http://user:hunter2/x@lake/y", "an unusable address"),
    ("user:hunter2@lake", "an unusable address"),
    ("http://lake/a@b/", "an unusable address"),
    ("http://lake:99999", "http://lake:99999"),
    ("http://[::1]:8080", "http://[::1]:8080"),
  ])
  func `never shows a password`(stored: String, shown: String) throws {
    let json = JSONValue.object(["endpoints": ["backend": .string(stored)]]).text
    #expect(try StateFile(parsing: Array(json.utf8)).displayedBackend == shown)
  }

  @Test func `never stores a password`() throws {
    let file = StateFile(instance: try ServerURL("http://user:hunter2@lake:8080/"))
    #expect(file.members["endpoints"]?["backend"] == "http://lake:8080")
  }

  @Test(arguments: [
    ("", "not JSON at byte 1"),
    ("{\"endpoints\":", "not JSON at byte 14"),
    ("[]", "not a JSON object"),
    ("{\"endpoints\":[]}", "'endpoints' is not an object"),
    ("{\"endpoints\":{\"backend\":8080}}", "'endpoints.backend' is not a string"),
    ("{\"connections\":{}}", "'connections' is not a list"),
    ("{\"connections\":[7]}", "entry 1 of 'connections' has no plugin and connectionId"),
    (
      "{\"connections\":[{\"plugin\":\"jira\",\"connectionId\":\"1\"}]}",
      "entry 1 of 'connections' has no plugin and connectionId"
    ),
    (
      "{\"connections\":[{\"plugin\":\"jira\",\"connectionId\":1,\"organization\":[]}]}",
      "'organization' in entry 1 of 'connections' is not a string"
    ),
  ])
  func `says what is broken`(text: String, fault: String) {
    let error = #expect(throws: StateFileFault.self) { try StateFile(parsing: Array(text.utf8)) }
    #expect(error?.description == fault)
  }

  @Test func `writes as its other author does`() throws {
    var file = StateFile(instance: try ServerURL("http://localhost:8080/"))
    file.record([.init(plugin: "jira", id: 2, name: "J")], at: "2026-11-22T13:00:00Z")
    file.record(
      [.init(plugin: "github", id: 1, name: "G", organization: "acme")],
      at: "2026-11-22T13:00:01Z"
    )
    #expect(
      String(decoding: file.bytes, as: UTF8.self) == """
        {
          "connections": [
            {
              "connectionId": 2,
              "name": "J",
              "plugin": "jira"
            },
            {
              "connectionId": 1,
              "name": "G",
              "organization": "acme",
              "plugin": "github"
            }
          ],
          "connectionsConfiguredAt": "2026-11-22T13:00:01Z",
          "endpoints": {
            "backend": "http://localhost:8080"
          }
        }
        """
    )
    #expect(try StateFile(parsing: file.bytes) == file)
  }

  @Test func `keeps what it does not know and what is not told`() throws {
    let text = """
      {"resources":{"acr":"x","n":1.50},"endpoints":{"backend":"http://lake","grafana":"http://g"},\
      "connections":[{"plugin":"github","connectionId":1,"name":"old","organization":"acme",\
      "enterprise":"e","colour":"red"}],"project":null}
      """
    var file = try StateFile(parsing: Array(text.utf8))
    let change = StateFile.Connection(plugin: "github", id: 1, name: "new", enterprise: "")
    file.record([change], at: "t")
    #expect(
      file.connections == [.init(plugin: "github", id: 1, name: "new", organization: "acme")]
    )
    #expect(file.members["connections"]?.array?.first?["colour"] == "red")
    #expect(file.members["resources"] == ["acr": "x", "n": .number("1.50")])
    #expect(file.members["endpoints"]?["grafana"] == "http://g")
    #expect(file.members["project"]?.isNull == true)
  }

  @Test func `forgets the last connection too`() throws {
    var file = StateFile(instance: try ServerURL("http://lake"))
    file.record([.init(plugin: "github", id: 1, name: "a")], at: "t")
    file.record([.init(plugin: "gitlab", id: 1, name: "b")], at: "t")
    file.forget([ConnectionKey(plugin: "github", id: 2)])
    #expect(file.connections.count == 2)
    file.forget([ConnectionKey(plugin: "github", id: 1)])
    #expect(file.connections.map(\.plugin) == ["gitlab"])
    file.forget([ConnectionKey(plugin: "gitlab", id: 1)])
    #expect(file.connections.isEmpty)
    #expect(file.members["connections"] == nil)
  }
}
