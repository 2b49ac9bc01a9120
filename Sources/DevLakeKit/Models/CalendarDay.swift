/// A day of the calendar in UTC, as services and people write the end of a secret: `2026-12-31`.
public struct CalendarDay: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01.
  let number: Int
  /// As it is written.
  public let text: String

  /// The day at the beginning of a text; `nil`: there is none.
  public init?(_ text: String) {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), year > 0, (1...12).contains(month), day >= 1,
      day <= Self.length(of: month, in: year)
    else { return nil }
    number = Timestamp.days(year, month, day)
    self.text = String(text.prefix(10))
  }

  /// A day, or the day of a time, and nothing else: what a person or a file gives.
  public init?(written text: String) {
    if text.utf8.count == 10 {
      self.init(text)
    } else {
      guard CalendarDay(text) != nil, let seconds = Timestamp.seconds(text) else { return nil }
      self.init(at: seconds)
    }
  }

  /// The day of a time, given in seconds since 1970.
  public init(at seconds: Int) {
    number = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    text = String(Timestamp.text(seconds).prefix(10))
  }

  /// The day after it.
  package var next: CalendarDay { CalendarDay(at: (number + 1) * 86_400) }

  /// How many days after a time, given in seconds since 1970, it is.
  public func days(after now: Int) -> Int { number - CalendarDay(at: now).number }

  /// Earlier days first.
  public static func < (lhs: CalendarDay, rhs: CalendarDay) -> Bool { lhs.number < rhs.number }

  /// Two texts of one day are the same day.
  public static func == (lhs: CalendarDay, rhs: CalendarDay) -> Bool { lhs.number == rhs.number }

  /// Goes by the day alone.
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }

  private static func length(of month: Int, in year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
