import DevLakeKit

/// Shows and changes the session's settings: `set output json`.
struct SetCommand: Command {
  let signature = Signature(
    name: "set",
    abstract: "Show the settings, or change one",
    discussion: Settings.summary,
    arguments: [
      .init(name: "NAME", kind: .choice(Settings.entries.map(\.name)), isRequired: false),
      .init(name: "VALUE", kind: .text, isRequired: false),
    ],
    examples: [
      .init(input: "set", purpose: "the settings"),
      .init(input: "set output json", purpose: "results as JSON from now on"),
    ],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let name = call.argument("NAME"), let entry = Settings.entry(name.text) else {
      return CommandResult(Self.all(session.settings))
    }
    guard let value = call.argument("VALUE") else {
      let text = entry.get(session.settings)
      return CommandResult(Output(data: .string(text), view: .lines([text])))
    }
    try ValueCheck(kind: entry.kind, name: entry.name).check(value)
    entry.set(&session.settings, value.text)
    return .nothing
  }

  private static func all(_ settings: Settings) -> Output {
    let members = Settings.entries.map { ($0.name, JSONValue.string($0.get(settings))) }
    let table = Table(
      columns: [.init("Setting"), .init("Value"), .init("Meaning", priority: 10, canShrink: true)],
      rows: Settings.entries.map { [$0.name, $0.get(settings), $0.help] }
    )
    return Output(data: .object(JSONObject(members)), view: .table(table))
  }
}

/// Forgets a variable: `unset team`.
struct UnsetCommand: Command {
  let signature = Signature(
    name: "unset",
    abstract: "Forget a variable",
    arguments: [.init(name: "NAME", kind: .variable)],
    examples: [.init(input: "unset team", purpose: "$team is undefined again")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let name = call.argument("NAME") else { return .nothing }
    guard session.unset(name.text) else {
      let near = Suggestion.closest(to: name.text, among: session.variables.names)
      throw .notFound(
        "no variable named '\(name.text)'",
        at: name,
        help: near.map { "did you mean '\($0)'?" }
      )
    }
    return .nothing
  }
}
