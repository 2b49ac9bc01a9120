import DevLakeKit

/// The answers about another row, or about the row as it was.
extension Fault {
  /// Made before the request is carried out; `nil` for faults that answer nothing of the kind.
  func otherAnswer(to request: Request, of devLake: inout DevLake) -> Answer? {
    switch self {
    case .afterwards(let fault): fault.otherAnswer(to: request, of: &devLake)
    case .stale: Self.row(request.path, &devLake)
    case .otherID: Self.otherRow(request.path, &devLake)
    default: nil
    }
  }

  /// What is read at a path; of a list its first row.
  private static func row(_ path: String, _ devLake: inout DevLake) -> Answer {
    let answer = devLake.respond(to: Request(method: "GET", uri: path))
    guard answer.status == 200, let value = try? JSONValue(parsing: answer.body) else {
      return .json([:])
    }
    return .json(value.array.map { $0.first ?? [:] } ?? value)
  }

  /// The row of another number at the same route; where there is none, the row with another number.
  private static func otherRow(_ path: String, _ devLake: inout DevLake) -> Answer {
    var parts = path.split(separator: "/").map(String.init)
    let place = parts.lastIndex { Int($0) != nil }
    if let place, let number = Int(parts[place]) {
      for other in [number + 1, number - 1, number + 2] {
        parts[place] = String(other)
        let uri = "/" + parts.joined(separator: "/")
        let answer = devLake.respond(to: Request(method: "GET", uri: uri))
        if answer.status == 200 { return .json(bytes: answer.body) }
      }
    }
    guard var object = (try? JSONValue(parsing: row(path, &devLake).body))?.object else {
      return .json([:])
    }
    for name in ["id", "connectionId"] where object[name]?.int != nil {
      object[name] = .integer((object[name]?.int ?? 0) + 4711)
    }
    return .json(.object(object))
  }
}
