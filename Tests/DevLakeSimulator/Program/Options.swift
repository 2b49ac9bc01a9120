import DevLakeSimulator

/// The command line of `devlake-simulator`.
struct Options {
  var port = 0
  var seed = Seed.demo
  var era = Era.september2026
  var login = LoginDoor.off
  var latency = 0
  var faults: [FaultRule] = []
  var log: String?
  var wantsHelp = false

  /// A command line that cannot be read.
  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if name == "--help" || name == "-h" {
        wantsHelp = true
        continue
      }
      guard ["--port", "--seed", "--era", "--auth", "--latency", "--fault", "--log"].contains(name)
      else {
        throw Mistake(description: "no option '\(word)'")
      }
      guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() else {
        throw Mistake(description: "\(name) needs a value")
      }
      try set(name, to: value)
    }
  }

  private mutating func set(_ name: String, to value: String) throws {
    switch name {
    case "--port": port = try Self.number(value, name, through: 65535)
    case "--seed": seed = Seed(argument: value)
    case "--era": era = try Self.choice(value, name)
    case "--auth": login = try Self.choice(value, name)
    case "--latency": latency = try Self.number(value, name, through: 3_600_000)
    case "--fault": faults.append(try FaultRule(parsing: value))
    default: log = value
    }
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String,
    _ name: String
  ) throws -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw Mistake(description: "\(name) takes one of \(words), not '\(text)'")
    }
    return choice
  }

  private static func number(_ text: String, _ name: String, through limit: Int) throws -> Int {
    guard let number = Int(text), (0...limit).contains(number) else {
      throw Mistake(description: "\(name) takes a number from 0 to \(limit), not '\(text)'")
    }
    return number
  }

  static let help = """
    Usage: devlake-simulator [--port 0] [--seed demo|demo-2026|empty|FILE]
                             [--era 2026-05|2026-09] [--auth off|on|on-no-secret|june]
                             [--latency MS] [--fault RULE]... [--log FILE]

    Serves a simulated Apache DevLake on 127.0.0.1 until SIGTERM or SIGINT. The first line on
    stdout is its URL.

      --port N       the port; 0 (default) takes a free one
      --seed SEED    what it holds: demo (default, 14 connections), demo-2026 (and one of each
                     plugin of 2026), empty, or a JSON file
                     {"connections": [{"plugin": "github", "name": "GitHub - acme", ...}],
                      "projects": [...], "blueprints": [...], "pipelines": [...],
                      "apiKeys": [...], "version": "v1.0.3", "state": "migration-pending"}
      --era ERA      which DevLake it is: of May (2026-05) or September (2026-09, default)
      --auth DOOR    how it lets people in: off (default: everybody), on (forwarded users with the
                     secret 'fwd-secret-made-up', API keys), on-no-secret, june (any Basic pair)
      --latency MS   delays every answer
      --fault RULE   [METHOD ]PATH[#N|#N+]=FAULT, repeatable; the first rule that is due wins
      --log FILE     appends a JSON line per request: method path query body status start end

    PATH: * is anything but a slash, ** anything, a lone * every path. #2 is the second matching
    request only, #2+ the second and all later ones.

    FAULT:
      slow:MS               the right answer, late
      cut:N                 N bytes of the right answer's body, then the connection is closed
      lost                  the request is carried out, then the connection is closed
      hang reset close      no answer: the connection stays open, is reset, is closed
      refuse                from now on nothing is listening
      status:CODE[:BODY]    that status
      empty500list          500 with []
      migrating             428, a migration waits
      html                  200 with a login page
      garbage notutf8 deep huge
                            200 with a body that is no JSON, no UTF-8, nested 100,000 deep, 64 MiB
      redirect301           301 to the path with a slash appended
      retryafter[:SECONDS]  429 with Retry-After
      after:FAULT           the request is carried out, then FAULT plays instead of its answer

    Example: devlake-simulator --seed empty --fault 'POST /plugins/*/connections#1=lost'
    """
}
