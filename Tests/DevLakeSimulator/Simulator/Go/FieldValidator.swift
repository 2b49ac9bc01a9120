import DevLakeKit

/// Go's validator over a connection: which required fields are missing, in its words.
struct FieldValidator {
  let kind: ConnectionKind

  /// The complaints about a connection that is to be saved.
  func complaints(saving values: JSONObject) -> String? {
    let prefix = "\(kind.connectionType).\(kind.model)Conn."
    return joined(
      missingName(values) + missing(values, prefix: prefix, method: values["authMethod"]?.string)
    )
  }

  /// The complaints about a connection that is to be tested.
  ///
  /// - Parameter includesName: Whether the handler validates the whole connection.
  func complaints(testing values: JSONObject, includesName: Bool) -> String? {
    let conn = "\(kind.model)Conn."
    return joined(
      includesName
        ? missingName(values) + missing(values, prefix: "\(kind.connectionType).\(conn)")
        : missing(values, prefix: conn)
    )
  }

  private func joined(_ lines: [String]) -> String? {
    lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func missingName(_ values: JSONObject) -> [String] {
    guard values["name"]?.string?.isEmpty ?? true else { return [] }
    return [line("\(kind.connectionType).BaseConnection.Name", "Name", "required")]
  }

  private func missing(_ values: JSONObject, prefix: String, method: String? = nil) -> [String] {
    kind.fields.compactMap { field in
      let value = values[field.name] ?? field.initial
      let isEmpty = value == "" || value == 0 || value.isNull
      let path = prefix + (field.holder.isEmpty ? "" : field.holder + ".") + field.goName
      switch field.requirement {
      case .none: return nil
      case .always: return isEmpty ? line(path, field.goName, "required") : nil
      case .authMethod(let wanted):
        return isEmpty && method == wanted ? line(path, field.goName, "required") : nil
      case .oneOf(let words):
        if isEmpty { return line(path, field.goName, "required") }
        return words.contains(value.string ?? "") ? nil : line(path, field.goName, "oneof")
      }
    }
  }

  private func line(_ path: String, _ name: String, _ rule: String) -> String {
    "Key: '\(path)' Error:Field validation for '\(name)' failed on the '\(rule)' tag"
  }
}
