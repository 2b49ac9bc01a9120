/// A key of DevLake's, without what it says; that is told once, to whoever makes it.
package struct APIKey: Sendable, Equatable {
  /// The number in its route.
  package let id: Int
  /// What people call it.
  package let name: String
  /// What it opens: a regular expression, looked for anywhere in a path unless it is anchored.
  package let allowedPath: String
  /// When it ends, RFC 3339; `nil`: never.
  package let expiredAt: String?
  /// Who made it; empty on a server without logins.
  package let creator: String
  /// The webhook connection it belongs to.
  package var connection: ConnectionKey?

  /// Reads what DevLake tells of one; `nil`: it is none.
  package init?(_ value: JSONValue?, of connection: ConnectionKey? = nil) {
    guard let id = value?["id"]?.int, id > 0, let name = value?["name"]?.string else { return nil }
    self.id = id
    self.name = name
    allowedPath = value?["allowedPath"]?.string ?? ""
    expiredAt = value?["expiredAt"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    creator = value?["creator"]?.string ?? ""
    self.connection = connection
  }

  /// Whether it opens only paths that its pattern describes from their beginning to their end.
  ///
  /// DevLake looks for the pattern anywhere in the path: `/plugins/github` opens
  /// `/blueprints/plugins/github` as well. One alternative beside an anchored one is as open.
  package var isAnchored: Bool {
    guard allowedPath.hasPrefix("^"), allowedPath.hasSuffix("$"), !allowedPath.hasSuffix("\\$")
    else {
      return false
    }
    var depth = 0
    var isEscaped = false
    for character in allowedPath {
      defer { isEscaped = character == "\\" && !isEscaped }
      guard !isEscaped else { continue }
      switch character {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "|" where depth <= 0: return false
      default: break
      }
    }
    return true
  }

  /// Whether it is meant to open everything.
  package var opensEverything: Bool { [".*", "^.*$", ".+", "^.+$"].contains(allowedPath) }

  /// The last day on which it is good; `nil`: it has no end, or none anyone can read.
  ///
  /// One that ends with a day's first moment was good the day before.
  package var lastDay: CalendarDay? {
    expiredAt.flatMap(Timestamp.seconds).map { CalendarDay(at: $0 - 1) }
  }

  /// Whether it ended before a time, in seconds since 1970.
  package func hasEnded(at now: Int) -> Bool {
    expiredAt.flatMap(Timestamp.seconds).map { $0 <= now } ?? false
  }

  /// The pattern that opens one connection's routes and nothing else.
  package static func pattern(for key: ConnectionKey) -> String {
    "^/plugins/\(escaped(key.plugin))/connections/\(key.id)(/.*)?$"
  }

  private static func escaped(_ text: String) -> String {
    text.map { ".+*?()[]{}|^$\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }
}

/// A key that was just made, with what it says.
package struct IssuedKey: Sendable {
  package let key: APIKey
  package let secret: Secret
}
