public import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One request the simulator got, as its log has it.
public struct LoggedRequest: Sendable {
  /// The method, as `POST`.
  public let method: String
  /// The path as sent, without the query.
  public let path: String
  /// The query as sent, without the question mark; empty when there is none.
  public let query: String
  /// The headers as sent.
  public let headers: [(name: String, value: String)]
  /// The body: parsed JSON, else text; `null` when there is none.
  public let body: JSONValue
  /// The status of the answer; `nil` when there was none.
  public let status: Int?
  /// When the request was complete, in milliseconds since 1970.
  public let start: Double
  /// When its answer went out, in milliseconds since 1970.
  public let end: Double

  /// The value of the first header of that name, whatever its case.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  /// The line of the log.
  var line: String {
    let json: JSONValue = [
      "method": .string(method), "path": .string(path), "query": .string(query), "body": body,
      "status": status.map { .integer($0) } ?? nil, "start": Self.milliseconds(start),
      "end": Self.milliseconds(end),
    ]
    return json.text + "\n"
  }

  private static func milliseconds(_ time: Double) -> JSONValue {
    let thousandths = Int((time * 1000).rounded())
    let rest = String(thousandths % 1000)
    let zeros = String(repeating: "0", count: 3 - rest.count)
    return .number("\(thousandths / 1000).\(zeros)\(rest)")
  }

  /// The present moment in milliseconds since 1970.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
  }
}
