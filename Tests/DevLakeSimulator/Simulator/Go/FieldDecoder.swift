import DevLakeKit

/// Turns JSON values into a connection's fields by mapstructure's rules.
struct FieldDecoder {
  /// Whether texts, numbers and booleans are converted into each other.
  let isWeak: Bool
  private(set) var complaints: [String] = []

  init(isWeak: Bool) { self.isWeak = isWeak }

  /// Overlays the members of `body` that are fields of `kind`.
  mutating func overlay(_ body: JSONObject, on values: inout JSONObject, kind: ConnectionKind) {
    let name = Field(name: "name", goName: "Name", holder: "BaseConnection")
    for field in [name] + kind.fields where field.kind != .derived {
      guard let value = GoBody.member(field.name, of: body) else { continue }
      if let decoded = decode(value, into: field) { values[field.name] = decoded }
    }
  }

  /// mapstructure's error text; `nil` when everything could be decoded.
  var errorText: String? {
    guard !complaints.isEmpty else { return nil }
    let list = complaints.sorted().map { "* \($0)" }.joined(separator: "\n")
    return "\(complaints.count) error(s) decoding:\n\n\(list)"
  }

  private mutating func decode(_ value: JSONValue, into field: Field) -> JSONValue? {
    if value.isNull { return field.kind == .text ? "" : zero(of: field.kind) }
    switch field.kind {
    case .text: return text(value, field)
    case .integer: return integer(value, field)
    case .boolean: return boolean(value, field)
    case .pairs: return pairs(value, field)
    case .time, .derived: return value
    }
  }

  private mutating func pairs(_ value: JSONValue, _ field: Field) -> JSONValue? {
    guard let elements = value.array else {
      complaints.append(
        "'\(field.goName)': source data must be an array or slice, got "
          + (value.object == nil ? GoBody.typeName(value) : "map")
      )
      return nil
    }
    return .array(
      elements.map { ["key": $0["key"] ?? "", "value": $0["value"] ?? ""] }
    )
  }

  private func zero(of kind: Field.Kind) -> JSONValue {
    switch kind {
    case .text: ""
    case .integer: 0
    case .boolean: false
    case .pairs: []
    case .time, .derived: nil
    }
  }

  private mutating func text(_ value: JSONValue, _ field: Field) -> JSONValue? {
    switch value {
    case .string: return value
    case .number(let number) where isWeak: return .string(number)
    case .bool(let flag) where isWeak: return flag ? "1" : "0"
    default: return mismatch(value, field, "string")
    }
  }

  private mutating func integer(_ value: JSONValue, _ field: Field) -> JSONValue? {
    switch value {
    case .number(let number):
      if Int(number) != nil { return value }
      return .integer(Int(clamping: Double(number) ?? 0))
    case .bool(let flag) where isWeak: return flag ? 1 : 0
    case .string(let text) where isWeak:
      if let number = Int(text.isEmpty ? "0" : text) { return .integer(number) }
      for name in field.decoderNames ?? [field.goName] {
        complaints.append(
          "cannot parse '\(name)' as int: strconv.ParseInt: parsing \"\(text)\": invalid syntax"
        )
      }
      return nil
    default: return mismatch(value, field, "int")
    }
  }

  private mutating func boolean(_ value: JSONValue, _ field: Field) -> JSONValue? {
    switch value {
    case .bool: return value
    case .number(let number) where isWeak: return .bool(Double(number) != 0)
    case .string(let text) where isWeak:
      if ["1", "t", "T", "true", "TRUE", "True"].contains(text) { return true }
      if ["", "0", "f", "F", "false", "FALSE", "False"].contains(text) { return false }
      complaints.append(
        "cannot parse '\(field.goName)' as bool: strconv.ParseBool: parsing \"\(text)\": "
          + "invalid syntax"
      )
      return nil
    default: return mismatch(value, field, "bool")
    }
  }

  private mutating func mismatch(_ value: JSONValue, _ field: Field, _ type: String) -> JSONValue? {
    for name in field.decoderNames ?? [field.goName] {
      complaints.append(
        "'\(name)' expected type '\(type)', got unconvertible type "
          + "'\(GoBody.typeName(value))', value: '\(GoBody.printed(value))'"
      )
    }
    return nil
  }
}

extension Int {
  /// Cuts the fraction off, as Go does.
  fileprivate init(clamping number: Double) {
    self = number >= 9.2e18 ? .max : number <= -9.2e18 ? .min : Int(number)
  }
}
