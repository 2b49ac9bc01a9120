import DevLakeKit

/// What `set` changes: how the session behaves.
struct Settings: Sendable, Equatable {
  var format = OutputFormat.table
  var color = ColorChoice.auto
  /// How many requests of one command run at once.
  var parallel = 16
  /// How long a request may take; `nil`: the usual limits.
  var timeout: Duration?
  var isVerbose = false
  var isQuiet = false
  /// When a long result is shown a screen at a time.
  var pager = PagerChoice.auto
  /// Whether the time that each entry took is told.
  var showsTime = false
  /// Whether what is typed is kept.
  var keepsHistory = true
}

extension Settings {
  /// One setting: how it is read and written.
  struct Entry: Sendable {
    let name: String
    let kind: ValueKind
    let help: String
    let get: @Sendable (Settings) -> String
    let set: @Sendable (inout Settings, String) -> Void
  }

  private static let switches = ["on", "off"]

  static let entries: [Entry] = [
    Entry(
      name: "output",
      kind: .choice(OutputFormat.allCases.map(\.rawValue)),
      help: "the format of results",
      get: { $0.format.rawValue },
      set: { $0.format = OutputFormat(rawValue: $1) ?? $0.format }
    ),
    Entry(
      name: "color",
      kind: .choice(ColorChoice.allCases.map(\.rawValue)),
      help: "when to use color",
      get: { $0.color.rawValue },
      set: { $0.color = ColorChoice(rawValue: $1) ?? $0.color }
    ),
    Entry(
      name: "parallel",
      kind: .integer(1...256),
      help: "how many requests run at once",
      get: { "\($0.parallel)" },
      set: { $0.parallel = Int($1) ?? $0.parallel }
    ),
    Entry(
      name: "timeout",
      kind: .seconds,
      help: "seconds a request may take",
      get: { $0.timeout.map(\.seconds) ?? "auto" },
      set: { $0.timeout = Double($1).map { .seconds($0) } }
    ),
    Entry(
      name: "verbose",
      kind: .choice(switches),
      help: "log every request",
      get: { $0.isVerbose ? "on" : "off" },
      set: { $0.isVerbose = $1 == "on" }
    ),
    Entry(
      name: "pager",
      kind: .choice(PagerChoice.allCases.map(\.rawValue)),
      help: "show results through $PAGER",
      get: { $0.pager.rawValue },
      set: { $0.pager = PagerChoice(rawValue: $1) ?? $0.pager }
    ),
    Entry(
      name: "timing",
      kind: .choice(switches),
      help: "show how long each line took, at the prompt",
      get: { $0.showsTime ? "on" : "off" },
      set: { $0.showsTime = $1 == "on" }
    ),
    Entry(
      name: "history",
      kind: .choice(switches),
      help: "keep a history",
      get: { $0.keepsHistory ? "on" : "off" },
      set: { $0.keepsHistory = $1 == "on" }
    ),
  ]

  static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}

extension Settings {
  /// Every setting with the values it takes, as help tells them.
  static let summary = entries.map { entry in
    let values =
      switch entry.kind {
      case .choice(let words): words.joined(separator: "|")
      case .integer(let range): "\(range.lowerBound)-\(range.upperBound)"
      default: "SECONDS"
      }
    return "\(entry.name) \(values): \(entry.help)."
  }.joined(separator: " ")
}
