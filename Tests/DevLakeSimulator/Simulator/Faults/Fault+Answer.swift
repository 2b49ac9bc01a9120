import DevLakeKit

/// The answers that faults put in place of the right ones.
extension Fault {
  /// The wrong answer; `nil` for faults that are none.
  func answer(to request: Request) -> Answer? {
    switch self {
    case .status(let status, let body?): Self.json(body, status: status)
    // A body would be taken for the next answer on the connection.
    case .status(204, nil): Answer(status: 204, contentType: nil, body: [])
    case .status(let status, nil): Failure.passing(status, "injected fault").answer
    case .panic: .panic
    case .emptyList: Self.json("[]", status: 500)
    case .migrating: ServiceState.migrationPending.refusal?.answer
    case .html:
      Answer(
        status: 200,
        contentType: "text/html; charset=utf-8",
        body: Array("<!doctype html><html><body>Please log in</body></html>".utf8)
      )
    case .garbage: Self.json("\u{1}\u{2}%$garbage{{{")
    case .notUTF8:
      Answer.json(bytes: Array("[{\"name\":\"".utf8) + [0xC3, 0x28, 0xFF] + Array("\"}]".utf8))
    case .deep:
      Self.json(
        String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
      )
    case .huge:
      Answer.json(
        bytes: Array("[\"".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 20)
          + Array("\"]".utf8)
      )
    case .redirect: Answer.moved(to: request.path + "/")
    case .retryAfter(let seconds):
      Self.limited(seconds)
    case .slow, .hang, .cut, .reset, .close, .refuse, .otherID, .stale, .afterwards: nil
    }
  }

  private static func json(_ text: String, status: Int = 200) -> Answer {
    .json(bytes: Array(text.utf8), status: status)
  }

  private static func limited(_ seconds: Int) -> Answer {
    var answer = Failure(429, "too many requests").answer
    answer.headers.append((name: "Retry-After", value: String(seconds)))
    return answer
  }
}
