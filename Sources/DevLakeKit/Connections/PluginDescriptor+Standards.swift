extension PluginField {
  /// What the field holds when it holds nothing.
  public var emptyValue: JSONValue {
    switch kind {
    case .text, .pem, .choice: ""
    case .integer: 0
    case .boolean: false
    case .date, .json: .null
    }
  }
}

extension PluginDescriptor {
  /// What DevLake has in a field that nobody gave a value.
  public func standard(of field: PluginField) -> JSONValue {
    if let standard = field.standard { return standard }
    if field.name == PluginField.endpoint.name, let standard = endpoint?.standard {
      return .string(standard)
    }
    return field.emptyValue
  }

  /// Whether a field has a value of its own when nobody gives one.
  func hasStandard(_ field: PluginField) -> Bool { standard(of: field) != field.emptyValue }

  /// Whether DevLake puts a number of its own in the place of 0.
  func makesItsOwn(of field: PluginField) -> Bool {
    guard field.kind == .integer, let standard = field.standard else { return false }
    return standard != 0
  }

  /// A value in the one form that two equal ones have: `null` is what the field holds when it holds
  /// nothing, an endpoint has its final slash, a time no zeros at its end.
  func canonical(_ value: JSONValue, of field: PluginField) -> JSONValue {
    let standard = standard(of: field)
    switch (field.kind, value) {
    case (.date, .string(let text)): return text.isEmpty ? .null : .string(Self.canonicalTime(text))
    case (_, .null): return field.kind == .integer ? canonical(0, of: field) : field.emptyValue
    // Some plugins keep a number as a text (measured: tapd's companyId).
    case (.integer, .string(let text)):
      return Int(text).map { canonical(.integer($0), of: field) } ?? value
    // Where DevLake has a number of its own, it stores that in the place of 0 (measured).
    case (.integer, 0): return standard
    case (.text, .string(let text)) where field.name == PluginField.endpoint.name:
      // What is stored may be no endpoint at all; then it is compared as it is.
      return .string((try? endpoint?.normalized(text)) ?? text)
    default: return value
    }
  }

  /// Whether DevLake would have that value by itself.
  func isStandard(_ value: JSONValue, of field: PluginField) -> Bool {
    canonical(value, of: field) == canonical(standard(of: field), of: field)
  }

  private static func canonicalTime(_ text: String) -> String {
    guard let point = text.lastIndex(of: "."), text.hasSuffix("Z") else { return text }
    var fraction = text[text.index(after: point)...].dropLast()
    while fraction.last == "0" { fraction = fraction.dropLast() }
    return text[..<point] + (fraction.isEmpty ? "" : "." + fraction) + "Z"
  }
}
