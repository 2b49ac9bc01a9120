import DevLakeKit
import Testing

@testable import DevLakeKit
@testable import DevLakeShell

/// The files others write: env file, state file, instances.
extension FuzzTarget {
  /// What is not asked for stays byte for byte, what is asked for is gone.
  static let envFile = FuzzTarget(
    name: "env-file",
    words: [
      "=", "\n", "\r\n", "\r", "export ", "KEY", "GITHUB_PAT", "'", "\"", "\\n", "\\\"", "#", " # ",
      " ", "\t", "\u{FEFF}", "\0", "$", "é", "=\"", "='", "\u{85}",
    ],
    check: { checkEnvFile }
  )

  @Sendable
  private static func checkEnvFile(_ input: [UInt8]) {
    guard let text = EnvFileText(input) else { return }
    #expect(text.bytes == input, shown(input))
    let keys = text.values.map(\.key)
    guard let first = keys.first else { return }
    let rest = EnvFileText(text.removing([first]).bytes)
    #expect(rest?.sets(oneOf: [first]) == false, shown(input))
    let others = text.values.filter { $0.key != first }.map { [$0.key, $0.value] }
    #expect(rest?.values.map { [$0.key, $0.value] } == others, shown(input))
  }

  /// What was recorded is read back, what was forgotten is not.
  static let stateFile = FuzzTarget(
    name: "state-file",
    words: json.words + [
      "\"connections\":", "\"endpoints\":", "\"backend\":", "\"http://localhost:8080\"",
      "\"connectionId\":", "\"plugin\":\"github\"", "\"organization\":",
    ],
    check: { checkStateFile }
  )

  @Sendable
  private static func checkStateFile(_ input: [UInt8]) {
    // A fault is an answer, too.
    guard var file = try? StateFile(parsing: input) else { return }
    let again = try? StateFile(parsing: file.bytes)  // compared below
    #expect(again == file, shown(input))
    if let url = try? ServerURL("http://localhost:8080") { _ = file.belongs(to: url) }
    file.record(
      [StateFile.Connection(plugin: "jira", id: 7, name: "Jira")],
      at: "2026-11-25T00:00:00Z"
    )
    #expect(file.connection(plugin: "jira", id: 7)?.name == "Jira", shown(input))
    let recorded = try? StateFile(parsing: file.bytes)
    #expect(recorded == file, shown(input))
    file.forget([ConnectionKey(plugin: "jira", id: 7)])
    #expect(file.connection(plugin: "jira", id: 7) == nil, shown(input))
  }

  /// Names and addresses, or a fault that names its place on one line.
  static let instances = FuzzTarget(
    name: "instances",
    words: yaml.words + [
      "url: ", "apiKey: ", "user: ", "password: ", "caCert: ", "headers: ", "env:KEY",
      "http://lab:8080",
    ],
    check: {
      let folder = try TestFolder()
      return { checkInstances($0, folder) }
    }
  )

  private static func checkInstances(_ input: [UInt8], _ folder: TestFolder) {
    let text = String(decoding: input, as: UTF8.self)
    do {
      try folder.write("instances.yaml", text)
      let named = try NamedInstances(readingFileAt: folder.path("instances.yaml"))
      for instance in named.all {
        #expect(NamedInstances.isName(instance.name), shown(input))
        #expect(named[instance.name] != nil, shown(input))
      }
    } catch let error as NamedInstancesError {
      let line = ServerText.line(error.description)
      #expect(!line.isEmpty, shown(input))
    } catch {
      Issue.record(error, shown(input))
    }
  }
}
