import DevLakeKit

/// Manages DevLake's own API keys: `keys`, `keys create ci --for github/1 --secret-file FILE`.
struct KeysCommand: Command {
  let signature = Signature(
    name: "keys",
    abstract: "List, create, rotate and delete DevLake's API keys",
    discussion: """
      A key opens the paths its pattern fits; DevLake looks for the pattern anywhere in a path, so \
      --for writes one that is anchored, and the list warns of those that are not. What a key says \
      is given once: into the new file of --secret-file, or shown once on the terminal; it is never \
      in a result, the history or the log. 'rotate' gives a key another secret, and the old one ends \
      at once; 'keys rotate webhook/1' does so for the key of a webhook connection. KEY is its \
      number or its exact name. The keys at the prompt are in 'help keyboard'.
      """,
    arguments: [
      .init(name: "ACTION", kind: .choice(Action.allCases.map(\.rawValue)), isRequired: false),
      .init(name: "KEY", kind: .key, isRequired: false, isRepeated: true),
    ],
    options: [
      .init(
        name: "for",
        kind: .text,
        placeholder: "PLUGIN/ID",
        help: "what it opens: this connection (repeatable)",
        isRepeated: true
      ),
      .init(
        name: "path",
        kind: .text,
        placeholder: "PATTERN",
        help: "what it opens, as DevLake's regular expression; .* is everything"
      ),
      .init(
        name: "expires",
        kind: .text,
        placeholder: "DATE",
        help: "the last day on which it is good: 2027-06-30"
      ),
      .init(
        name: "secret-file",
        kind: .file,
        placeholder: "FILE",
        help: "new file for what the key says",
        effect: .makesFile
      ),
      .dryRun,
    ],
    examples: [
      .init(input: "keys", purpose: "what there is, what it opens and when it ends"),
      .init(
        input: "keys create ci --for github/1 --expires 2027-06-30 --secret-file ci.key",
        purpose: "a key for one connection"
      ),
      .init(input: "keys rotate ci --secret-file ci.key", purpose: "another secret for it"),
      .init(input: "keys delete ci", purpose: "its users no longer have access"),
    ],
    topic: .instance,
    changes: true
  )

  enum Action: String, CaseIterable {
    case list, create, rotate, delete
  }

  func mistakes(in call: Call) -> [Failure] {
    let action = Self.action(call)
    let keys = call.all(argument: "KEY")
    for option in ["for", "path", "expires"] where action != .create {
      guard let given = call.option(option) else { continue }
      return [.usage("'--\(option)' belongs to 'keys create'", at: given)]
    }
    switch action {
    case .list:
      return keys.first.map { [.usage("unexpected argument '\($0.text)'", at: $0)] } ?? []
    case .create where keys.count != 1:
      return [.usage("'keys create' needs one name", at: keys.last ?? call.whole)]
    case .create where call.option("for") != nil && call.option("path") != nil:
      return [.usage("--for and --path both say what the key opens", at: call.option("path"))]
    case .create where call.option("for") == nil && call.option("path") == nil:
      return [
        .usage(
          "it is not said what the key opens",
          at: call.whole,
          help: "give --for PLUGIN/ID, or --path '.*' for everything"
        )
      ]
    case .rotate where keys.count != 1:
      return [.usage("'keys rotate' needs one KEY", at: keys.last ?? call.whole)]
    case .delete where keys.isEmpty: return [.usage("'keys delete' needs KEY", at: call.whole)]
    case .create, .rotate, .delete: return []
    }
  }

  static func action(_ call: Call) -> Action {
    call.argument("ACTION").flatMap { Action(rawValue: $0.text) } ?? .list
  }

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    if let mistake = mistakes(in: call).first { throw mistake }
    let action = Self.action(call)
    if action != .list, !call.flag("dry-run") {
      try await session.permitChange("'keys \(action.rawValue)'", on: call.text("on"))
    }
    let keys = KeyRing(session: session, call: call)
    switch action {
    case .list: return try await keys.list()
    case .create: return try await keys.create()
    case .rotate: return try await keys.rotate()
    case .delete: return try await keys.delete()
    }
  }
}
