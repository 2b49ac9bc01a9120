/// What goes wrong with one request.
public indirect enum Fault: Sendable, Equatable {
  /// The right answer, late by that many milliseconds.
  case slow(milliseconds: Int)
  /// No answer, the connection stays open.
  case hang
  /// The right answer's head and that many bytes of its body, then the connection is closed.
  case cut(bytes: Int)
  /// No answer, the connection is reset.
  case reset
  /// No answer, the connection is closed.
  case close
  /// The listener is closed as well: this connection and every later one is refused.
  case refuse
  /// That status with that body, `status:500:` with none; without a colon an error in DevLake's form.
  case status(Int, body: String? = nil)
  /// 500 without body and type: DevLake's handler broke down.
  case panic
  /// 500 with `[]`, which is how a DevLake without its database lists connections.
  case emptyList
  /// 428: a migration waits.
  case migrating
  /// 200 with a login page.
  case html
  /// 200 with bytes that are no HTTP body anyone expects: text that is no JSON.
  case garbage
  /// 200 with JSON whose strings are not UTF-8.
  case notUTF8
  /// 200 with 100,000 nested arrays.
  case deep
  /// 200 with a JSON array of 64 MiB.
  case huge
  /// 301 to the path with a slash appended.
  case redirect
  /// 429 with `Retry-After` in seconds.
  case retryAfter(seconds: Int)
  /// 200 with another row than the one that was asked for, as a mixed-up cache answers.
  case otherID
  /// 200 with the row as it was before the request.
  case stale
  /// The request is carried out first, then the other fault plays instead of its answer.
  case afterwards(Fault)

  /// A write that is carried out and whose answer is lost.
  public static let lost = Fault.afterwards(.close)
}

extension Fault {
  /// Whether the request is carried out although its answer goes wrong.
  var carriesOut: Bool {
    switch self {
    case .slow, .cut, .afterwards: true
    default: false
    }
  }

  /// Reads `slow:250`, `status:502:busy`, `after:reset`.
  ///
  /// - Throws: ``FaultRule/Mistake``, which says what is wrong.
  init(parsing text: some StringProtocol) throws(FaultRule.Mistake) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let argument = parts.count > 1 ? String(parts[1]) : nil
    if let simple = Self.simple[name], argument == nil {
      self = simple
      return
    }
    func number() throws(FaultRule.Mistake) -> Int {
      guard let argument, let number = Int(argument), number >= 0 else {
        throw FaultRule.Mistake(message: "'\(name)' needs a number, as in \(name):500")
      }
      return number
    }
    switch name {
    case "slow": self = .slow(milliseconds: try number())
    case "cut": self = .cut(bytes: try number())
    case "retryafter": self = .retryAfter(seconds: argument == nil ? 1 : try number())
    case "status":
      let parts = (argument ?? "").split(
        separator: ":",
        maxSplits: 1,
        omittingEmptySubsequences: false
      )
      guard let first = parts.first, let status = Int(first), (200..<600).contains(status) else {
        throw FaultRule.Mistake(message: "'status' needs a status from 200 to 599")
      }
      self = .status(status, body: parts.count > 1 ? String(parts[1]) : nil)
    case "after": self = .afterwards(try Fault(parsing: argument ?? ""))
    default:
      throw FaultRule.Mistake(
        message: "no fault named '\(name)'; one of \(Self.names.joined(separator: ", "))"
      )
    }
  }

  private static let simple: [String: Fault] = [
    "hang": .hang, "panic": .panic, "reset": .reset, "close": .close, "refuse": .refuse,
    "empty500list": .emptyList, "migrating": .migrating, "html": .html, "garbage": .garbage,
    "notutf8": .notUTF8, "deep": .deep, "huge": .huge, "redirect301": .redirect, "lost": .lost,
    "otherid": .otherID, "stale": .stale,
  ]

  /// Every fault as `--fault` names it.
  static let names = [
    "slow:MS", "hang", "panic", "cut:N", "reset", "close", "lost", "refuse", "status:CODE[:BODY]",
    "empty500list", "migrating", "html", "garbage", "notutf8", "deep", "huge", "redirect301",
    "retryafter[:SECONDS]", "otherid", "stale", "after:FAULT",
  ]
}
