import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A moment as DevLake writes it: RFC 3339 in UTC, trailing zeros of the fraction cut.
struct Timestamp: Sendable, Equatable {
  let seconds: Int
  let nanoseconds: Int

  /// The present moment.
  static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// The moment as an answer to a write tells it, before the database cut it.
  var precise: JSONValue { .string(text(digits: 9)) }

  /// The moment as PostgreSQL keeps it: microseconds, the rest cut off.
  var stored: JSONValue { .string(text(digits: 6)) }

  private func text(digits: Int) -> String {
    var fraction = nanoseconds
    for _ in digits..<9 { fraction /= 10 }
    var text = Self.date(seconds)
    if fraction > 0 {
      let number = String(fraction)
      var decimals = String(repeating: "0", count: digits - number.count) + number
      while decimals.hasSuffix("0") { decimals.removeLast() }
      text += "." + decimals
    }
    return text + "Z"
  }

  private static func date(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  /// Midnight six months before, where a new blueprint starts to collect.
  var sixMonthsEarlier: Timestamp {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    parts.tm_mon -= 6
    parts.tm_hour = 0
    parts.tm_min = 0
    parts.tm_sec = 0
    return Timestamp(seconds: timegm(&parts), nanoseconds: 0)
  }
}

extension Timestamp {
  /// Reads `2026-03-02T09:14:00.123456Z`.
  init?(_ text: String) {
    let digits = text.split { !$0.isNumber }.map { Int($0) ?? 0 }
    guard text.hasSuffix("Z"), digits.count == 6 || digits.count == 7 else { return nil }
    var parts = tm()
    parts.tm_year = Int32(digits[0] - 1900)
    parts.tm_mon = Int32(digits[1] - 1)
    parts.tm_mday = Int32(digits[2])
    parts.tm_hour = Int32(digits[3])
    parts.tm_min = Int32(digits[4])
    parts.tm_sec = Int32(digits[5])
    var fraction = 0
    if digits.count == 7, let dot = text.firstIndex(of: ".") {
      let decimals = text[text.index(after: dot)...].dropLast().prefix(9)
      fraction = Int(decimals + String(repeating: "0", count: 9 - decimals.count)) ?? 0
    }
    self.init(seconds: timegm(&parts), nanoseconds: fraction)
  }
}
