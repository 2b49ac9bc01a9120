/// A day of the calendar as services write it: `2026-12-31`, alone or at the beginning of a time.
struct CalendarDay: Sendable, Equatable {
  /// Days since 1970-01-01.
  let number: Int
  /// As it is written.
  let text: String

  /// The day at the beginning of a text; `nil`: there is none.
  init?(_ text: String) {
    let day = text.prefix(10)
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // Years begin in March here, so that a leap day is a year's last.
    let shifted = month > 2 ? year : year - 1
    let days = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    number = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + days - 719_468
    self.text = String(text.prefix(10))
  }

  /// How many days after a time, given in seconds since 1970, it is.
  func days(after now: Int) -> Int { number - now / 86_400 }
}
