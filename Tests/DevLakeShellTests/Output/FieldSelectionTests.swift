import DevLakeKit
import Testing

@testable import DevLakeShell

@Suite struct FieldSelectionTests {
  private let output = Output(
    data: [
      ["plugin": "github", "id": 1, "test": ["verdict": "passed"], "a.b": true],
      ["plugin": "jira", "id": 12, "test": nil, "proxy": "http://p"],
    ],
    view: .table(Table(columns: [.init("Plugin")], rows: [["github"], ["jira"]])),
    fields: ["plugin", "id", "organization"]
  )

  @Test func `fields are kept in the order asked for, in data and table`() throws {
    let selected = try output.selecting(["id", "test.verdict", "proxy"])
    #expect(
      OutputFormat.ndjson.render(selected) == """
        {"id":1,"test.verdict":"passed","proxy":null}
        {"id":12,"test.verdict":null,"proxy":"http://p"}

        """
    )
    #expect(
      OutputFormat.table.render(selected) == """
        id  test.verdict  proxy
        ──  ────────────  ────────
         1  passed
        12                http://p

        """
    )
    #expect(OutputFormat.csv.render(selected).hasPrefix("id,test.verdict,proxy\n"))
  }

  @Test func `a name with a dot is a field before it is a path`() throws {
    #expect(try output.selecting(["a.b"]).data == [["a.b": true], ["a.b": nil]])
  }

  @Test(arguments: [
    ("plugn", "plugin", ["plugin", "id", "organization", "test", "a.b", "proxy"]),
    ("test.verdit", "verdict", ["verdict"]), ("plugin.x", nil, []), ("", nil, nil),
    ("nonsense", nil, nil), ("test.", nil, ["verdict"]),
  ])
  func `an unknown field is an error that helps`(
    name: String,
    suggestion: String?,
    known: [String]?
  ) throws {
    let error = try #require(throws: UnknownField.self) { try output.selecting([name]) }
    #expect(error.name == name)
    #expect(error.suggestion == suggestion)
    if let known { #expect(error.known == known) }
  }

  @Test func `a field a command promises is known without records`() throws {
    let empty = Output(data: [], view: .lines(["none"]), fields: ["plugin", "id"])
    #expect(OutputFormat.csv.render(try empty.selecting(["id"])) == "id\n")
    #expect(throws: UnknownField.self) { try empty.selecting(["idd"]) }
    #expect(try Output(data: [], view: .none).selecting(["any"]).data == [])
  }

  @Test func `fields of one record`() throws {
    let status = Output(data: ["url": "u", "connections": ["github": 2]], view: .records)
    let selected = try status.selecting(["connections.github"])
    #expect(OutputFormat.table.render(selected) == "connections.github: 2\n")
  }
}
