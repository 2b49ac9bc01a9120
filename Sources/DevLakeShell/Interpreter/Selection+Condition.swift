import DevLakeKit
import ShellLanguage

extension Selection {
  /// `field op value`, as `--where` takes it.
  struct Condition {
    let field: String
    let comparison: Comparison
    let value: String
    private let given: Given

    /// Refuses a field none of the connections has: `nam != x` would be true of all of them.
    func check(against records: [JSONObject]) throws(Failure) {
      guard !records.isEmpty, !records.contains(where: { $0[field] != nil }) else { return }
      var known: [String] = []
      for record in records { known += record.keys.filter { !known.contains($0) } }
      // Fields the table shows although DevLake has them of some connections only.
      known += ConnectionListing.fields.filter { !known.contains($0) }
      guard !known.contains(field) else { return }
      throw .invalid(
        "no connection has a field '\(field)'",
        at: given,
        help: Suggestion.closest(to: field, among: known).map { "did you mean '\($0)'?" }
          ?? "the fields are \(known.joined(separator: ", "))"
      )
    }

    /// Reads a condition.
    init(_ given: Given) throws(Failure) {
      let text = given.text
      let operators = Comparison.allCases.map(\.rawValue).sorted { $0.count > $1.count }
      let field = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      let rest = text[field.endIndex...].drop { $0 == " " }
      guard !field.isEmpty, let sign = operators.first(where: { rest.hasPrefix($0) }),
        let comparison = Comparison(rawValue: sign)
      else {
        throw .invalid(
          "'\(text)' is no condition",
          at: given,
          help: "write it like 'name ~ acme' or 'rateLimitPerHour > 0'"
        )
      }
      var value = rest.dropFirst(sign.count).drop { $0 == " " }
      while value.last == " " { value = value.dropLast() }
      if value.count >= 2, let quote = value.first, quote == "'" || quote == "\"",
        value.last == quote
      {
        value = value.dropFirst().dropLast()
      }
      self.field = String(field)
      self.given = given
      self.comparison = comparison
      self.value = String(value)
    }

    /// Whether a connection's fields satisfy it; numbers are compared as numbers when both are.
    func holds(for fields: JSONObject) -> Bool {
      let found: Value
      switch fields[field] {
      case nil, .null?: found = .text("")
      case let value?: found = .data(value)
      }
      let text = found.text ?? ""
      if comparison == .matches { return Wildcard.contains(text, value) }
      if let left = ComparedNumber(found), let right = ComparedNumber(.text(value)) {
        return comparison.holds(left, right)
      }
      return comparison.holds(text, value)
    }
  }
}

extension Comparison {
  /// Whether it holds between two values that have an order.
  func holds<Operand: Comparable>(_ left: Operand, _ right: Operand) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .matches: false
    }
  }
}
