#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Times in the form of RFC 3339, as DevLake and the shell's own files have them.
package enum Timestamp {
  /// `2026-11-22T13:07:15.123+01:00` in seconds since 1970; `nil` for any other text.
  package static func seconds(_ text: String) -> Int? {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let date = numbers(parts[0], "-")
    let zone = parts[1].lastIndex { "Zz+-".contains($0) } ?? parts[1].endIndex
    let clock = numbers(parts[1][..<zone].prefix { $0 != "." }, ":")
    guard let date, let clock, (1...12).contains(date[1]), (1...31).contains(date[2]),
      let offset = offset(parts[1][zone...])
    else { return nil }
    return days(date[0], date[1], date[2]) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
      - offset
  }

  private static func numbers(_ text: Substring, _ separator: Character) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
    return numbers.count == 3 && parts.count == 3 ? numbers : nil
  }

  private static func offset(_ text: Substring) -> Int? {
    guard let sign = text.first else { return nil }
    if sign == "Z" || sign == "z" { return text.count == 1 ? 0 : nil }
    let parts = text.dropFirst().split(separator: ":").compactMap { Int($0) }
    guard parts.count == 2 else { return nil }
    return (sign == "-" ? -1 : 1) * (parts[0] * 3600 + parts[1] * 60)
  }

  /// Days since 1970-01-01 of the Gregorian calendar; the year begins in March, so that the leap day
  /// is its last.
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// A time in seconds since 1970, RFC 3339 with seconds, UTC.
  static func text(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
