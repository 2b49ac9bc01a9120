import DevLakeKit

/// A stored connection, its secrets in clear.
struct ConnectionRow: Sendable {
  let id: Int
  var values: JSONObject
  let createdAt: Timestamp
  var updatedAt: Timestamp
  /// The row as the list shows it; `nil` until it was listed and after each change.
  var listed: [UInt8]?
}

/// The connections of one plugin, in the order PostgreSQL would list them.
struct ConnectionTable: Sendable {
  let kind: ConnectionKind
  private(set) var order: [Int] = []
  private var rows: [Int: ConnectionRow] = [:]
  private var names: [String: Int] = [:]
  private var lastID = 0

  init(kind: ConnectionKind) { self.kind = kind }

  subscript(id: Int) -> ConnectionRow? { rows[id] }

  var all: [ConnectionRow] { order.compactMap { rows[$0] } }
  var isEmpty: Bool { order.isEmpty }

  /// The id of the connection with exactly that name.
  func id(named name: String) -> Int? { names[name] }

  /// Uses up an id, as a failed insert does on PostgreSQL.
  mutating func burnID() { lastID += 1 }

  /// Adds a row; ids given must be free.
  mutating func insert(
    _ values: JSONObject,
    id: Int? = nil,
    createdAt: Timestamp = .now(),
    updatedAt: Timestamp? = nil
  ) -> ConnectionRow {
    let row = ConnectionRow(
      id: id ?? lastID + 1,
      values: values,
      createdAt: createdAt,
      updatedAt: updatedAt ?? createdAt
    )
    lastID = max(lastID, row.id)
    rows[row.id] = row
    order.append(row.id)
    names[row.name] = row.id
    return row
  }

  /// Replaces a row's values; the row moves to the end of the list.
  mutating func update(_ id: Int, with values: JSONObject, at time: Timestamp = .now()) {
    guard var row = rows[id] else { return }
    names[row.name] = nil
    row.values = values
    row.updatedAt = time
    row.listed = nil
    rows[id] = row
    names[row.name] = id
    if let index = order.firstIndex(of: id) { order.remove(at: index) }
    order.append(id)
  }

  mutating func remove(_ id: Int) {
    guard let row = rows.removeValue(forKey: id) else { return }
    names[row.name] = nil
    if let index = order.firstIndex(of: id) { order.remove(at: index) }
  }

  /// The list as JSON; `nil` when the mask of one row panics.
  mutating func listing() -> [UInt8]? {
    var text = Array("[".utf8)
    for (index, id) in order.enumerated() {
      guard let row = rows[id] else { continue }
      let bytes: [UInt8]
      if let listed = row.listed {
        bytes = listed
      } else {
        guard let shown = kind.shown(row) else { return nil }
        bytes = Array(shown.text.utf8)
        rows[id]?.listed = bytes
      }
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: bytes)
    }
    text.append(UInt8(ascii: "]"))
    return text
  }
}

extension ConnectionRow {
  var name: String { values["name"]?.string ?? "" }
}

extension ConnectionKind {
  /// A row as answers show it, masked; `nil` when a mask panics.
  ///
  /// - Parameter written: Which of the two times are those of the write just made.
  func shown(_ row: ConnectionRow, written: Set<WrittenTime> = []) -> JSONValue? {
    guard let fields = maskedFields(row.values) else { return nil }
    var object = JSONObject([
      ("name", .string(row.name)),
      ("id", .integer(row.id)),
      ("createdAt", written.contains(.created) ? row.createdAt.precise : row.createdAt.stored),
      ("updatedAt", written.contains(.updated) ? row.updatedAt.precise : row.updatedAt.stored),
    ])
    for member in fields.members { object[member.key] = member.value }
    return .object(object)
  }

  /// Which of a row's times an answer tells to the nanosecond.
  enum WrittenTime: Sendable {
    case created
    case updated
  }

  /// A list of `{key, value}`, each value masked.
  private static func maskedPairs(_ value: JSONValue) -> JSONValue {
    .array(
      (value.array ?? []).map { pair in
        [
          "key": pair["key"] ?? "",
          "value": .string(Mask.generic.apply(to: pair["value"]?.string ?? "") ?? ""),
        ]
      }
    )
  }

  /// The fields beyond the name, masked; `nil` when a mask panics.
  func maskedFields(_ values: JSONObject) -> JSONObject? {
    var pairs: [(String, JSONValue)] = []
    for field in fields {
      let value = values[field.name] ?? field.initial
      if field.omitsEmpty, value == "" { continue }
      if field.kind == .pairs {
        pairs.append((field.name, Self.maskedPairs(value)))
        continue
      }
      guard let secret = field.secret, let text = value.string else {
        pairs.append((field.name, value))
        continue
      }
      guard let mask = secret.mask.apply(to: text) else { return nil }
      pairs.append((field.name, .string(mask)))
    }
    return JSONObject(pairs)
  }
}
