import DevLakeKit
import Testing

@testable import DevLakeShell

@Suite struct RendererTests {
  private static let list = Output(
    data: [
      ["plugin": "github", "id": 1, "name": "A, \"B\"\nC", "tags": ["x", 2], "ok": true],
      ["plugin": "jira", "id": 12, "name": nil, "proxy": "tab\there\\"],
    ],
    view: .records
  )

  @Test(arguments: [
    (
      OutputFormat.json,
      """
      [
        {
          "plugin": "github",
          "id": 1,
          "name": "A, \\"B\\"\\nC",
          "tags": [
            "x",
            2
          ],
          "ok": true
        },
        {
          "plugin": "jira",
          "id": 12,
          "name": null,
          "proxy": "tab\\there\\\\"
        }
      ]

      """
    ),
    (
      .ndjson,
      #"""
      {"plugin":"github","id":1,"name":"A, \"B\"\nC","tags":["x",2],"ok":true}
      {"plugin":"jira","id":12,"name":null,"proxy":"tab\there\\"}

      """#
    ),
    (
      .csv,
      "plugin,id,name,tags,ok,proxy\n"
        + "github,1,\"A, \"\"B\"\"\nC\",\"[\"\"x\"\",2]\",true,\n" + "jira,12,,,,tab\there\\\n"
    ),
    (
      .tsv,
      "plugin\tid\tname\ttags\tok\tproxy\n"
        + "github\t1\tA, \"B\"\\nC\t[\"x\",2]\ttrue\t\n" + "jira\t12\t\t\t\ttab\\there\\\\\n"
    ),
    (
      .vertical,
      """
      plugin: github
      id:     1
      name:   A, "B" C
      tags:   ["x",2]
      ok:     true

      plugin: jira
      id:     12
      name:
      proxy:  tab\there\\

      """
    ),
  ])
  func `a list of records in every format`(format: OutputFormat, expected: String) {
    #expect(format.render(Self.list) == expected)
  }

  @Test func `a terminal gets a blank for a tab of a value`() {
    let text = OutputFormat.vertical.render(Self.list, for: Medium(isTerminal: true))
    #expect(text.hasSuffix("\nproxy:  tab here\\\n"), "\(text)")
  }

  @Test(arguments: [
    (OutputFormat.json, "[]\n"), (.ndjson, ""), (.csv, "plugin,id\n"), (.tsv, "plugin\tid\n"),
    (.vertical, ""), (.table, "none\n"),
  ])
  func `an empty list still has a header`(format: OutputFormat, expected: String) {
    let output = Output(data: [], view: .lines(["none"]), fields: ["plugin", "id"])
    #expect(format.render(output) == expected)
  }

  @Test(arguments: [
    (OutputFormat.json, "{\n  \"url\": \"http://a\"\n}\n"), (.ndjson, "{\"url\":\"http://a\"}\n"),
    (.csv, "url\nhttp://a\n"), (.tsv, "url\nhttp://a\n"), (.vertical, "url: http://a\n"),
    (.table, "url: http://a\n"),
  ])
  func `one record is one row`(format: OutputFormat, expected: String) {
    #expect(format.render(Output(data: ["url": "http://a"], view: .records)) == expected)
  }

  @Test(arguments: [
    (OutputFormat.json, "3\n"), (.ndjson, "3\n"), (.csv, "value\n3\n"), (.tsv, "value\n3\n"),
    (.vertical, "3\n"), (.table, "3\n"),
  ])
  func `a number is a value`(format: OutputFormat, expected: String) {
    #expect(format.render(Output(data: 3, view: .json)) == expected)
  }

  @Test(arguments: OutputFormat.allCases)
  func `nothing is nothing in every format`(format: OutputFormat) {
    #expect(format.render(.nothing) == "")
  }

  @Test func `named fields lead the header and the rest follows`() {
    let output = Output(data: [["b": 1, "c": 2]], view: .none, fields: ["a", "b"])
    #expect(OutputFormat.csv.render(output) == "a,b,c\n,1,2\n")
  }

  @Test func `a lone empty field is not an empty line`() {
    #expect(OutputFormat.csv.render(Output(data: [["a": nil]], view: .none)) == "a\n\"\"\n")
  }

  @Test func `machine text on a terminal is harmless, in a file exact`() {
    let output = Output(data: [["a": "\u{1B}[2Jx\ny"]], view: .none)
    #expect(OutputFormat.csv.render(output) == "a\n\"\u{1B}[2Jx\ny\"\n")
    #expect(OutputFormat.csv.render(output, for: Medium(isTerminal: true)) == "a\n\"x\ny\"\n")
  }

  @Test func `lines are cleaned one by one`() {
    let output = Output(data: [], view: .lines(["✅ a\nb", "\u{1B}[1mc"]))
    #expect(OutputFormat.table.render(output) == "✅ a b\nc\n")
    #expect(OutputFormat.table.render(output, for: Medium(isUTF8: false)) == "ok a b\nc\n")
  }
}
