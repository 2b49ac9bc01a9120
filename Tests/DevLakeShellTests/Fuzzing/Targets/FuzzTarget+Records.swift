import DevLakeKit
import Foundation
import Testing

@testable import DevLakeKit
@testable import DevLakeShell
@testable import ShellLanguage

/// What people and other shells write about connections: connections files, the lines of a rotation,
/// the audit log.
extension FuzzTarget {
  /// Every mistake has a place in the file, and what is right is exported and read back as it was.
  static let connectionsFile = FuzzTarget(
    name: "connections-file",
    words: yaml.words + [
      "version: 1\n", "connections:\n", "- plugin: ", "github", "jira", "azuredevops_go", "x-a: ",
      "\n  name: ", "\n  renamedFrom: ", "\n  endpoint: ", "https://h/rest/", "\n  token: ",
      "env:A", "file:a", "cmd:a", "***", "\n  authMethod: ", "AppKey", "BasicAuth",
      "\n  username: ", "\n  rateLimitPerHour: ", "\n  organization: ", "\n  new: ",
      "http://u:p@h:1", "\\uFEFF", "\"\\u202E\"",
    ],
    check: { checkConnectionsFile }
  )

  @Sendable
  private static func checkConnectionsFile(_ input: [UInt8]) {
    let source = SourceText(name: "wanted.yaml", text: String(decoding: input, as: UTF8.self))
    let text = ConnectionsFileText(source, folder: "/nowhere")
    let file: ConnectionsFile
    let mistakes: [Diagnostic]
    do throws(Failure) {
      (file, mistakes) = try text.parsed()
    } catch {
      return expectPlaces(of: [error.diagnostic], in: text.source, input)
    }
    expectPlaces(of: mistakes, in: text.source, input)
    guard !file.mistakes.contains(where: { $0.weight == .error }) else { return }
    // References are not followed here, and without its endpoint a connection is none.
    let references = file.connections.flatMap { $0.secrets.map(\.field.name) }
    guard references.allSatisfy({ !["endpoint", "proxy"].contains($0) }) else { return }
    let first = exported(file)
    let written = YAML.write(first)
    guard let again = try? ConnectionsFile(parsing: written) else {  // it is looked at below
      Issue.record("no file: \(written.debugDescription): \(shown(input))")
      return
    }
    let wrong = again.mistakes.filter { $0.weight == .error }
    #expect(wrong.isEmpty, "\(wrong): \(written.debugDescription): \(shown(input))")
    #expect(again.connections.count == file.connections.count, shown(input))
    // A URL with a password in it is written as a reference, which is not followed here.
    let values = file.connections.flatMap { $0.values.members.map(\.value) }
    guard values.allSatisfy({ Connection.withoutCredentials($0) == $0 }) else { return }
    // Two trees would fill pages.
    let isSame = exported(again) == first
    #expect(isSame, "\(written.debugDescription): \(shown(input))")
  }

  /// What would be exported of the connections a file asks for.
  private static func exported(_ file: ConnectionsFile) -> JSONValue {
    let connections = file.connections.enumerated().compactMap { index, desired -> Connection? in
      var object: JSONObject = ["id": .integer(index + 1), "name": .string(desired.name)]
      for member in desired.values.members { object[member.key] = member.value }
      object["name"] = .string(desired.name)
      return Connection(.object(object), of: desired.plugin)
    }
    // Two names that leave one variable are refused.
    return (try? ConnectionsFile.export(connections))?.document ?? .null
  }

  /// Every mistake has a place in the file and shows no secret, and the fields are what was written.
  static let rotationFile = FuzzTarget(
    name: "rotation-file",
    words: [
      ",", "\"", "\"\"", "\n", "\r\n", "\r", "#", " ", "\t", "github", "githbu", "jenkins", "1",
      "0",
      "007", "name:", "GitHub - my-org", "env:A", "cmd:a b", "prompt", "text:\(inFile)",
      ",\(inFile)\n", "plugin,id-or-name,REF\n", "\u{FEFF}", "\0", "é", "\u{202E}",
    ],
    check: { checkRotationFile }
  )

  private static let inFile = "hunter2-in-a-file"

  @Sendable
  private static func checkRotationFile(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let file = RotationFile(name: "tokens.csv", text: text)
    expectPlaces(of: file.mistakes, in: file.source, input)
    // Behind that, anything is the name of a file.
    for mistake in file.mistakes where !text.contains("file:") {
      var renderer = DiagnosticRenderer()
      let line = renderer.render(mistake) + renderer.renderJSON(mistake)
      #expect(!line.contains(inFile), "\(line): \(shown(input))")
    }
    let fields = CSVRecords(text).records.map { $0.fields.map(\.text) }
    let written = fields.map { record in
      record.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: " , ")
    }
    let again = CSVRecords(written.joined(separator: "\r\n"))
    #expect(again.mistakes.isEmpty, shown(input))
    #expect(again.records.map { $0.fields.map(\.text) } == fields, shown(input))
  }

  /// Every line is a record or said to be none, and what is appended comes after all of them.
  static let auditLog = FuzzTarget(
    name: "audit-log",
    words: json.words + [
      "\n", "\n\n", "\r\n", "{\"time\":\"2026-11-25T00:00:00Z\"}\n", "\"time\":", "\"2026\"",
      "\"changes\":[", "\"outcome\":\"done\"",
    ],
    check: {
      let folder = try TestFolder()
      return { checkAuditLog($0, folder) }
    }
  )

  private static func checkAuditLog(_ input: [UInt8], _ folder: TestFolder) {
    let log = AuditLog(path: folder.path("audit.ndjson"))
    do {
      try Data(input).write(to: URL(filePath: folder.path("audit.ndjson")))
      let before = try log.contents()
      let lines = input.split(separator: UInt8(ascii: "\n"))
      #expect(before.records.count + before.brokenLines.count == lines.count, shown(input))
      let record: JSONObject = ["time": .string(AuditLog.now), "name": "a\nb"]
      try log.append(record)
      let after = try log.contents()
      #expect(after.records == before.records + [record], shown(input))
      #expect(after.brokenLines == before.brokenLines, shown(input))
    } catch {
      Issue.record(error, shown(input))
    }
  }

  private static func expectPlaces(
    of mistakes: [Diagnostic],
    in source: SourceText,
    _ input: [UInt8]
  ) {
    let range = 0...source.text.utf8.count
    for mistake in mistakes {
      #expect(!mistake.message.isEmpty && !mistake.message.contains("\n"), shown(input))
      for span in mistake.hidden + [mistake.span].compactMap(\.self) {
        let isInside = range.contains(span.lower) && range.contains(span.upper)
        #expect(isInside && span.lower <= span.upper, "\(mistake.message): \(shown(input))")
      }
    }
  }
}
