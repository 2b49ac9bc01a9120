import DevLakeKit

/// A name in `--fields` that no record has.
struct UnknownField: Error, Sendable, Equatable {
  let name: String
  /// The field that was probably meant.
  let suggestion: String?
  /// The names there are, at the place where `name` fails.
  let known: [String]
}

extension Output {
  /// Keeps only the named fields, in that order, in the data and in the table people see.
  ///
  /// A dotted path selects inside a record: `test.verdict` becomes a field of that name. A field some
  /// records lack is `null` there.
  ///
  /// - Throws: ``UnknownField`` when no record has the field. Without records only ``fields`` can tell.
  func selecting(_ names: [String]) throws(UnknownField) -> Output {
    var selected = JSONValue.null
    for name in names { try check(name) }
    switch data {
    case .null: break
    case .array(let elements): selected = .array(elements.map { Self.select(names, from: $0) })
    default: selected = Self.select(names, from: data)
    }
    var output = self
    output.data = selected
    (output.yaml, output.inner) = (nil, nil)
    output.view = view(of: selected, names)
    output.fields = names
    return output
  }

  private func check(_ name: String) throws(UnknownField) {
    var level = records
    if level.contains(where: { $0[name] != nil }) || fields?.contains(name) == true { return }
    if known.contains(name) { return }
    for (depth, part) in name.split(separator: ".", omittingEmptySubsequences: false).enumerated() {
      let key = String(part)
      let hint = depth == 0 ? fields ?? [] : []
      var known = hint
      for field in level.flatMap({ $0.object?.keys ?? [] }) where !known.contains(field) {
        known.append(field)
      }
      let isOpen = known.isEmpty && level.allSatisfy { $0.isNull || $0.object != nil }
      guard known.contains(key) || isOpen else {
        throw UnknownField(
          name: name,
          suggestion: Suggestion.closest(to: key, among: known),
          known: known
        )
      }
      level = level.compactMap { $0[key] }
    }
  }

  private static func select(_ names: [String], from record: JSONValue) -> JSONValue {
    .object(JSONObject(names.map { ($0, value(at: $0, in: record)) }))
  }

  /// A member whose name has dots itself is found first.
  private static func value(at path: String, in record: JSONValue) -> JSONValue {
    if let value = record[path] { return value }
    var value = record
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard let next = value[String(part)] else { return .null }
      value = next
    }
    return value
  }

  private func view(of selected: JSONValue, _ names: [String]) -> View {
    switch view {
    case .table, .text, .lines, .page: .table(Self.table(of: selected, names))
    case .records, .json, .none: view
    }
  }

  private static func table(of selected: JSONValue, _ names: [String]) -> Table {
    let records = selected.array ?? (selected.isNull ? [] : [selected])
    let columns = names.map { name in
      let values = records.compactMap { $0[name] }.filter { !$0.isNull }
      let isNumeric = !values.isEmpty && values.allSatisfy { $0.double != nil }
      return Table.Column(name, alignment: isNumeric ? .trailing : .leading, canShrink: !isNumeric)
    }
    let rows = records.map { record in names.map { record[$0]?.fieldText ?? "" } }
    return Table(columns: columns, rows: rows)
  }
}
