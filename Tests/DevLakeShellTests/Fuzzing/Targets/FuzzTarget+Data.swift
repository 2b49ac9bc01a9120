import DevLakeKit
import Testing

@testable import DevLakeKit
@testable import DevLakeShell
@testable import LineEditing

/// What servers send, and the data formats.
extension FuzzTarget {
  /// What is written is read back as it was.
  static let json = FuzzTarget(
    name: "json",
    words: [
      "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud83d", "\\ude00", "\\uFFFF", "null",
      "true", "false", "0", "-0", "1e5", "1E+400", "0.10", "9223372036854775808", "\"a\":", "{}",
      "[[", "é", "\u{202E}", "\0", " ", "\n",
    ],
    check: { checkJSON }
  )

  @Sendable
  private static func checkJSON(_ input: [UInt8]) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: input)
    } catch {
      #expect((0...input.count).contains(error.offset), shown(input))
      return
    }
    for isIndented in [false, true] {
      let text = JSONWriter.write(value, isIndented: isIndented)
      let again = try? JSONValue(parsing: text.utf8)  // compared below
      #expect(again == value, "\(text.debugDescription): \(shown(input))")
      #expect(
        !text.unicodeScalars.contains { $0 != "\n" && TerminalText.isHarmful($0) },
        shown(input)
      )
    }
    #expect(
      SecretFields.hiding(SecretFields.hiding(value)) == SecretFields.hiding(value),
      shown(input)
    )
  }

  /// What is written is read back as it was, and a mistake has a place.
  static let yaml = FuzzTarget(
    name: "yaml",
    words: [
      "- ", ": ", ":\n", "\n", "\n  ", "  ", "? ", "{", "}", "[", "]", ", ", "&a ", "*a", "<<: *a",
      "|\n ", ">-\n ", "'", "\"", "\\x41", "#", " # c", "---\n", "...\n", "!!str ", "!x ",
      "%YAML 1.2\n",
      "null", "~", "true", "no", "0x1F", "1.5", "12:30", "é", "\u{85}", "\u{FEFF}", "\t", "\0", "@",
      "`",
    ],
    check: { checkYAML }
  )

  @Sendable
  private static func checkYAML(_ input: [UInt8]) {
    let value: JSONValue
    do {
      value = try YAML.parse(String(decoding: input, as: UTF8.self))
    } catch {
      #expect(!error.description.isEmpty, shown(input))
      return
    }
    let text = YAML.write(value)
    let again = try? YAML.parse(text)  // compared below
    #expect(again == value, "\(text.debugDescription): \(shown(input))")
  }

  /// An error body becomes one harmless line without what was sent.
  static let serverMessage = FuzzTarget(
    name: "server-message",
    words: [
      "\n", "Wraps: (", "Wraps: (2) ", "\nError types:", "\n  -- stack trace:", "\n  | ",
      "attached stack trace\n", " (500)", " (429)", "(", ")", "\t", "****", "ghp_****abcd",
      "https://user:pass@host/", "://", "@", "\u{1B}[31m", "\0", "é", "\u{85}", sent,
    ],
    check: { checkServerMessage }
  )

  private static let sent = "hunter2-was-sent"

  @Sendable
  private static func checkServerMessage(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let redactor = Redactor()
    redactor.learn(Secret(sent))
    let clean = ServerText.withoutMasks(redactor.hiding(text))
    #expect(!clean.contains(sent), shown(input))
    #expect(!clean.contains("****"), shown(input))
    let message = ServerMessage(clean)
    #expect(message.line == ServerMessage(clean).line, shown(input))
    #expect(!message.line.contains("\n"), shown(input))
    #expect(message.status.map { (0..<1000).contains($0) } != false, shown(input))
    let line = ServerText.line(ServerText.withoutCredentials(message.line))
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
  }
}
