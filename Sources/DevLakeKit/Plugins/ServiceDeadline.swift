/// A day on which a service, or a newer DevLake, stops taking what some connections have.
public struct ServiceDeadline: Sendable {
  /// The day.
  public let day: CalendarDay
  /// What ends on it, inside a sentence that goes on with `end on`, or `ended on`.
  public let subject: String
  /// Which connections it is about.
  public let condition: Condition
  /// What helps.
  public let fix: Fix
  /// What else is to be known.
  public var remark: String?

  /// What helps against a deadline.
  @nonexhaustive
  public enum Fix: Sendable {
    /// A new secret.
    case rotate
    /// A new secret, saved together with fields.
    case renew([Setting])
    /// A new connection of another plugin.
    case replace(plugin: String)
  }

  /// A field that is set; `value` is `nil` where only a person knows it.
  public struct Setting: Sendable, Equatable {
    /// DevLake's name of it.
    public let field: String
    /// What it is set to, as text.
    public let value: String?
    /// What a person has to know, in capitals.
    public let placeholder: String

    init(_ field: String, _ value: String? = nil, asking placeholder: String = "VALUE") {
      self.field = field
      self.value = value
      self.placeholder = placeholder
    }
  }

  /// Which connections a deadline is about.
  public enum Condition: Sendable {
    /// All of the plugin's.
    case always
    /// Those whose field is empty or off.
    case lacks(String)
    /// Those whose secret begins otherwise, but for an endpoint where that is right.
    ///
    /// - Parameter shown: As much of the beginning as DevLake's mask shows.
    case secretBeginsOtherThan(String, shown: Int, exceptAt: String)
  }

  /// Takes a day of the calendar.
  ///
  /// - Returns: `nil` for a text that is none.
  public init?(
    _ day: String,
    _ subject: String,
    _ condition: Condition,
    fix: Fix,
    remark: String? = nil
  ) {
    guard let day = CalendarDay(day) else { return nil }
    self.day = day
    self.subject = subject
    self.condition = condition
    self.fix = fix
    self.remark = remark
  }
}

extension ServiceDeadline {
  /// Whether a connection is meant, by its fields and what is shown, or known, of its secret.
  func concerns(value: (String) -> JSONValue?, mask: String?) -> Bool {
    switch condition {
    case .always: return true
    case .lacks(let field):
      return [.null, "", .bool(false)].contains(value(field) ?? .null)
    case .secretBeginsOtherThan(let beginning, let count, let endpoint):
      guard let mask, !mask.isEmpty, value("endpoint")?.string != endpoint else { return false }
      return !mask.hasPrefix(String(beginning.prefix(count)))
    }
  }

  /// What is to be said at a time, given in seconds since 1970.
  func sentence(at now: Int) -> String {
    let days = day.days(after: now)
    let when =
      switch days {
      case ..<0: "ended on \(day.text)"
      case 0: "end today (\(day.text))"
      case 1: "end tomorrow (\(day.text))"
      default: "end on \(day.text), in \(days) days"
      }
    return "\(subject) \(when)" + (remark.map { "; \($0)" } ?? "")
  }
}

extension PluginDescriptor {
  /// What is to be said of the deadlines a connection falls under, for a plan.
  func deadlineNotes(
    at now: Int,
    value: (String) -> JSONValue?,
    secret: String?
  ) -> [String] {
    deadlines.filter { $0.concerns(value: value, mask: secret) }.map { $0.sentence(at: now) }
  }
}
