import DevLakeKit
import ShellLanguage

extension ArgumentValue {
  /// When it was, in seconds: a day, a time in UTC unless it names a zone, or how long ago.
  func moment(now: Int) throws(Failure) -> Int {
    if let length = Self.duration(text) { return now - length }
    let hasTime = text.contains("T")
    let forms = hasTime ? [text, text + "Z", text + ":00Z"] : [text + "T00:00:00Z"]
    for form in forms {
      if let seconds = Timestamp.seconds(form) { return seconds }
    }
    throw .invalid(
      "'--since' must be a date, a time or a duration, not '\(text)'",
      at: self,
      help: "write it like 2026-11-01, 2026-11-01T08:00:00Z, 90min, 12h or 7d"
    )
  }

  /// `7d` in seconds.
  private static func duration(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = [
      "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400,
    ]
    guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
      return nil
    }
    let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow || seconds > 10_000 * 366 * 86_400 ? nil : seconds
  }
}
