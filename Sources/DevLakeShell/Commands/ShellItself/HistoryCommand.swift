import DevLakeKit

/// Shows what was typed: `history`, `history rotate`.
struct HistoryCommand: Command {
  let signature = Signature(
    name: "history",
    abstract: "Show the history, or the lines that contain a text",
    discussion: "Secrets are kept as <redacted>. 'set history off' keeps nothing.",
    arguments: [.init(name: "TEXT", kind: .text, isRequired: false)],
    options: [
      .init(name: "last", kind: .integer(1...1_000_000), placeholder: "N", help: "the last N only")
    ],
    examples: [.init(input: "history rotate", purpose: "every line with rotate")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    var entries = Array((session.history?.entries ?? []).enumerated())
    if let text = call.argument("TEXT")?.text, !text.isEmpty {
      entries = entries.filter { $0.element.lowercased().contains(text.lowercased()) }
    }
    if let last = call.integer("last") { entries = Array(entries.suffix(last)) }
    let data = entries.map { entry -> JSONValue in
      ["number": .integer(entry.offset + 1), "line": .string(entry.element)]
    }
    let width = "\(entries.last.map { $0.offset + 1 } ?? 0)".count
    let lines = entries.flatMap { entry -> [String] in
      let number = "\(entry.offset + 1)"
      let padding = String(repeating: " ", count: width - number.count)
      return entry.element.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated().map { index, line in
          index == 0
            ? "\(padding)\(number)  \(line)" : String(repeating: " ", count: width + 2) + line
        }
    }
    return CommandResult(
      Output(data: .array(data), view: .lines(lines), fields: ["number", "line"])
    )
  }
}
