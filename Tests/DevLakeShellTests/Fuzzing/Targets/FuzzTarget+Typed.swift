import DevLakeKit
import Testing

@testable import DevLakeKit
@testable import DevLakeShell
@testable import ShellLanguage

extension FuzzTarget {
  /// What was typed is kept without its secrets: nothing is left that would be redacted, and what the
  /// parser takes for the value of a secret option is gone.
  static let typed = FuzzTarget(
    name: "typed",
    words: [
      " ", " ", "'", "\"", "\\", "\n", ";", "=", ":", "@", "://", "{", "}", "--", "-", "—", "let ",
      "let --secret ", " = ", "--token ", "--token=", "--tok ", "--field ", "--secret ", "-H ",
      "-u ", "token", "key", "\"key\":\"", "password=", "Bearer ", "env:", "file:", "cmd:echo ",
      "text:", "ghp_", "glpat-", "eyJ", "-----BEGIN", "<redacted>", "***", "$t", "true", "é",
      "\u{200B}", "\0", "geheimnis", "rotate 1 ", "| curl ", "!", "# ",
    ],
    check: { checkTyped }
  )

  @Sendable
  private static func checkTyped(_ input: [UInt8]) {
    let entry = String(decoding: input, as: UTF8.self)
    let scanner = SecretScanner(registry: .standard)
    let redacted = scanner.redacted(entry)
    #expect(scanner.redacted(redacted) == redacted, "\(redacted.debugDescription): \(shown(input))")
    for span in scanner.spans(in: entry) {
      let isInside = span.lower >= 0 && span.lower <= span.upper && span.upper <= entry.utf8.count
      #expect(isInside, "\(span): \(shown(input))")
    }
    let parsed = Parser.parse(SourceText(name: "typed.lake", text: entry))
    guard parsed.allMistakes.isEmpty else { return }
    for statement in parsed.script.statements {
      guard case .list(.command(let piped)) = statement else { continue }
      let words = piped.command.words
      for (option, word) in zip(words, words.dropFirst()) {
        let bytes = Array(entry.utf8)[option.span.lower..<option.span.upper]
        // Written as anybody would.
        guard String(decoding: bytes, as: UTF8.self) == "--token", let value = word.plain else {
          continue
        }
        // One that stands elsewhere, too, may stand there.
        guard value.utf8.count > 5, !TypedWord.isReference(value), value != "<redacted>",
          entry.ranges(of: value).count == 1
        else { continue }
        #expect(!redacted.contains(value), "\(redacted.debugDescription): \(shown(input))")
      }
    }
  }

  /// A secret is hidden in whatever stands around it, and the rest of a text stays text.
  static let redaction = FuzzTarget(
    name: "server-message",
    words: [
      sentSecret, "hunter2/was&", "sent+ok", "hunter2%2Fwas", "\\u0026", "%26", "&amp;", "\u{200B}",
      "\n", " ", "+", "aHVudGVyMi93YXMmc2VudCtvaw", "68756e746572", "****", "\\", "%", "&#", ";",
      "é",
    ],
    check: { checkRedaction }
  )

  private static let sentSecret = "hunter2/was&sent+ok"

  @Sendable
  private static func checkRedaction(_ input: [UInt8]) {
    let redactor = Redactor()
    redactor.learn(Secret(sentSecret))
    let text = String(decoding: input, as: UTF8.self)
    let shownText = redactor.hiding(text)
    #expect(!shownText.contains(sentSecret), shown(input))
    #expect(redactor.hiding(shownText) == shownText, shown(input))
    // Put anywhere, in any writing, it is found.
    let cut = text.unicodeScalars.index(
      text.unicodeScalars.startIndex,
      offsetBy: text.unicodeScalars.count / 2
    )
    for written in [
      sentSecret, sentSecret.percentEncoded, Base64.encode(Array(sentSecret.utf8)),
      sentSecret.replacing("&", with: "\\u0026"), sentSecret.replacing("&", with: "&amp;"),
    ] {
      let around = String(text[..<cut]) + " " + written + " " + String(text[cut...])
      #expect(!redactor.hiding(around).contains(written), "\(written): \(shown(input))")
    }
  }
}
