import DevLakeKit
import ShellLanguage

extension Selection {
  /// The condition of `--where`, with the values it compares with.
  struct Condition {
    private let tree: RowCondition
    private let given: ArgumentValue

    /// Reads the condition of a bound `--where`.
    init(_ given: ArgumentValue) throws(Failure) {
      guard let tree = given.condition else {
        throw .invalid("'\(given.text)' is not a condition", at: given)
      }
      self.tree = tree
      self.given = given
    }

    /// Refuses a field that neither the catalog nor a connection has: `nam != x` would be true of all.
    func check(against records: [JSONObject]) throws(Failure) {
      for test in tree.tests {
        let name = test.field.value
        guard !ConnectionFields.all.contains(name) else { continue }
        let isThere = records.contains { Self.value(name, of: $0) != nil }
        guard !isThere else { continue }
        throw ConnectionFields.unknown(
          name,
          at: place(of: test.field.span),
          among: records.flatMap(\.keys)
        )
      }
    }

    /// Whether a connection's fields satisfy it.
    func holds(for fields: JSONObject) throws(Failure) -> Bool { try holds(tree, fields) }

    private func holds(_ tree: RowCondition, _ fields: JSONObject) throws(Failure) -> Bool {
      switch tree {
      case .either(let conditions):
        for condition in conditions where try holds(condition, fields) { return true }
        return false
      case .both(let conditions):
        for condition in conditions where try !holds(condition, fields) { return false }
        return true
      case .not(let inner): return try !holds(inner, fields)
      case .test(let test): return try holds(test, fields)
      }
    }

    private func holds(_ test: RowCondition.Test, _ fields: JSONObject) throws(Failure) -> Bool {
      let found = Self.value(test.field.value, of: fields) ?? .null
      let operand = try operand(test.operand)
      let sign = test.sign.value
      switch sign {
      case .matches:
        guard !found.isNull, !operand.isNull else { return false }
        return Wildcard.contains(Value.data(found).text ?? "", operand.marks)
      case .equal, .notEqual:
        let isEqual =
          found.isNull || operand.isNull
          ? found.isNull == operand.isNull : Self.areEqual(found, operand.text)
        return isEqual == (sign == .equal)
      case .less, .lessOrEqual, .greater, .greaterOrEqual:
        guard !found.isNull, !operand.isNull else { return false }
        return try order(found, operand.text, test)
      }
    }

    private static func areEqual(_ found: JSONValue, _ text: String) -> Bool {
      if let left = ComparedNumber(.data(found)), let right = ComparedNumber(.text(text)) {
        return left == right
      }
      if let left = found.string.flatMap(Moment.init), let right = Moment(text) {
        return left == right
      }
      return Value.data(found).text == text
    }

    private func order(
      _ found: JSONValue,
      _ text: String,
      _ test: RowCondition.Test
    ) throws(Failure) -> Bool {
      let sign = test.sign.value
      if let left = ComparedNumber(.data(found)), let right = ComparedNumber(.text(text)) {
        return sign.holds(left, right)
      }
      let isMoment = found.string.flatMap(Moment.init) != nil
      if let left = found.string.flatMap(Moment.init), let right = Moment(text) {
        return sign.holds(left, right)
      }
      guard let left = found.string, !isMoment else {
        throw .invalid(
          "'\(sign.rawValue)' compares \(isMoment ? "two times" : "two numbers or two strings"), not "
            + "'\(test.field.value)', which is \(isMoment ? "a time" : Value.data(found).kindName), and "
            + "the text '\(text)'",
          at: place(of: test.operand.span),
          help: isMoment ? "write it like 2026-11-01 or 2026-11-01T08:00:00Z" : nil
        )
      }
      return sign.holds(left, text)
    }

    /// What an operand comes to; only what is written in the script makes a pattern.
    private func operand(
      _ operand: RowCondition.Operand
    ) throws(Failure) -> (text: String, marks: [Wildcard.Mark], isNull: Bool) {
      if operand.isNull { return ("", [], true) }
      var text = ""
      var marks: [Wildcard.Mark] = []
      for piece in operand.pieces {
        switch piece {
        case .text(let written):
          text += written
          marks += Wildcard.marks(written)
        case .expansion(let index):
          guard let value = given.parts?[index] else { continue }
          if value.value == .data(.null), operand.pieces.count == 1, !operand.isQuoted {
            return ("", [], true)
          }
          guard let expanded = value.value.text else {
            throw .usage(
              "a secret cannot be compared with shown values",
              at: place(of: operand.span)
            )
          }
          text += expanded
          marks += value.isForeign ? expanded.map { .character($0) } : Wildcard.marks(expanded)
        }
      }
      return (text, marks, false)
    }

    private func place(of span: SourceSpan) -> ArgumentValue {
      ArgumentValue(value: nil, span: span, source: given.source)
    }

    /// The field of that name, or what a dotted path leads to.
    private static func value(_ name: String, of fields: JSONObject) -> JSONValue? {
      if let value = fields[name] { return value }
      guard name.contains(".") else { return nil }
      var value = JSONValue.object(fields)
      for step in name.split(separator: ".") {
        guard let next = value[String(step)] else { return nil }
        value = next
      }
      return value
    }
  }
}

/// A time, or a day at midnight UTC, to compare.
struct Moment: Comparable {
  private let seconds: Int
  /// The digits after the point, as many as there are.
  private let fraction: String

  init?(_ text: String) {
    let isDay = text.utf8.count == 10
    guard text.utf8.count >= 10, text.utf8.first.map({ (0x30...0x39).contains($0) }) == true,
      let seconds = Timestamp.seconds(isDay ? text + "T00:00:00Z" : text)
    else { return nil }
    self.seconds = seconds
    let point = text.firstIndex(of: ".").map { text[text.index(after: $0)...] } ?? ""
    let digits = point.prefix { $0.isNumber }
    fraction = String(
      digits[..<(digits.lastIndex { $0 != "0" }.map(digits.index(after:)) ?? digits.startIndex)]
    )
  }

  static func < (lhs: Moment, rhs: Moment) -> Bool {
    (lhs.seconds, lhs.fraction) < (rhs.seconds, rhs.fraction)
  }
}
