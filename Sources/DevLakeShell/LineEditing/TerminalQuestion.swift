#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Asks one question on a terminal with the line editor.
///
/// Keys, pastes and a resize are there what they are at the prompt. A secret is never shown, and
/// Ctrl-C is heard.
///
/// What is pasted is text until Enter, line breaks included: the rest of a pasted key must not run
/// as commands. A private key that comes line by line is one answer as well.
@MainActor
package struct TerminalQuestion {
  /// How a question ended.
  package enum Reply: Equatable, Sendable {
    case answer(String)
    /// The item of a list.
    case item(Int)
    /// Ctrl-D, or the terminal is gone.
    case end
    case interrupted
  }

  let settings: LineEditorSettings
  /// Interrupts the question, also before it is asked.
  let mailbox: LineEditorMailbox

  /// - Parameter settings: What the terminal can do; there is no history and no hint.
  package nonisolated init(settings: LineEditorSettings, mailbox: LineEditorMailbox) {
    var settings = settings
    (settings.isQuestion, settings.showsHints) = (true, false)
    (self.settings, self.mailbox) = (settings, mailbox)
  }

  /// Shows `question` and reads the answer; blocks.
  ///
  /// - Parameters:
  ///   - dot: What stands for a secret's characters; `nil`: the answer is shown.
  ///   - prefilled: What is there to be changed.
  ///   - completions: What Tab may make of what is typed.
  ///   - up: What Up answers while nothing is typed.
  /// - Returns: `nil` when there is no terminal.
  package func ask(
    _ question: String,
    dot: Character?,
    prefilled: String = "",
    completions: ((String) -> [CompletionAnswer.Candidate])? = nil,
    up: String? = nil
  ) -> Reply? {
    onTerminal { editor in
      editor.dot = dot
      editor.upAnswer = up
      editor.prefilled = prefilled
      if dot != nil { editor.isComplete = { !Self.isUnfinishedKey($0) } }
      if let completions {
        editor.completions = { line, cursor in
          CompletionAnswer(
            replaced: 0..<cursor,
            candidates: completions(String(decoding: line.utf8.prefix(cursor), as: UTF8.self))
          )
        }
      }
      return read(question, with: editor)
    }
  }

  /// Shows a list and waits until one of it is picked, or something else is typed where that is an
  /// answer; blocks.
  ///
  /// - Returns: `nil` when there is no terminal, or one that cannot draw a list.
  package func pick(_ list: MenuList) -> Reply? {
    guard !settings.isDumb else { return nil }
    return onTerminal { editor in
      editor.menu = MenuView(list)
      return read(list.title + "\n" + list.prompt, with: editor)
    }
  }

  private func onTerminal(_ body: (LineEditor) -> Reply) -> Reply? {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let editor = LineEditor(
      input: descriptor,
      output: descriptor,
      settings: settings,
      mailbox: mailbox
    )
    return editor.map(body)
  }

  private func read(_ question: String, with editor: LineEditor) -> Reply {
    var rows = Self.rows(of: question, columns: editor.size.columns)
    let prompt = rows.popLast() ?? ""
    if !rows.isEmpty { editor.show(rows) }
    editor.rowsAbove = rows.count
    switch editor.read(prompt: prompt) {
    case .line(let text):
      if let picked = editor.picked { return .item(picked) }
      return .answer(Self.answer(text, isSecret: editor.dot != nil))
    case .interrupt: return .interrupted
    case .end: return .end
    }
  }

  /// Whether it is the beginning of a private key, of which more lines are to come.
  nonisolated static func isUnfinishedKey(_ text: String) -> Bool {
    let text = text.drop(while: \.isWhitespace)
    return text.hasPrefix("-----BEGIN ") && !text.contains("-----END ")
  }

  /// The answer without blanks around it, as a paste often brings them; an open one is one line.
  nonisolated static func answer(_ text: String, isSecret: Bool) -> String {
    var rest = text[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return isSecret ? String(rest) : String(rest).replacing("\n", with: " ")
  }

  /// The question in rows, broken at blanks; the last one is before the answer and leaves it room.
  nonisolated static func rows(of question: String, columns: Int) -> [String] {
    let width = max(columns - 1, 10)
    var rows: [String] = []
    for line in question.split(separator: "\n", omittingEmptySubsequences: false) {
      var rest = line
      while DisplayWidth.cells(of: rest) > width {
        let fitting = rest.clipped(to: width, ellipsis: "")
        // A word that is too long is cut.
        let end = fitting.lastIndex(of: " ").map {
          fitting.distance(from: fitting.startIndex, to: $0)
        }
        let count = end.map { $0 > 0 ? $0 + 1 : fitting.count } ?? max(1, fitting.count)
        rows.append(String(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      rows.append(String(rest))
    }
    // The row of the answer is drawn again when the window gets narrower, and must have room then; those
    // above it are the terminal's to wrap. A long list in brackets at the end makes such a row.
    guard let last = rows.last, DisplayWidth.cells(of: last) > columns / 2,
      let start = last.lastIndex(of: "("), start > last.startIndex,
      last[start...].hasSuffix("): ") || last[start...].hasSuffix("):"),
      DisplayWidth.cells(of: last[start...]) >= 16,
      DisplayWidth.cells(of: last[start...]) < columns * 2 / 3
    else { return rows }
    return rows.dropLast() + [String(last[..<start]), String(last[start...])]
  }
}
