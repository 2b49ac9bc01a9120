import DevLakeKit

/// A request body as Go's JSON decoder and mapstructure read it.
enum GoBody {
  /// The body's object; `nil` for no body and for `null`.
  ///
  /// - Throws: A 500 in the words of Go's JSON package for everything else.
  static func object(_ body: [UInt8]) throws(Failure) -> JSONObject? {
    let slice: ArraySlice<UInt8>?
    do {
      slice = try GoJSONScanner.firstValue(of: body)
    } catch {
      throw Failure(500, error.message)
    }
    guard let slice, let value = try? JSONValue(parsing: slice) else { return nil }
    switch value {
    case .object(let object): return object
    case .null: return nil
    case .array: throw mismatch("array")
    case .string: throw mismatch("string")
    case .number: throw mismatch("number")
    case .bool: throw mismatch("bool")
    }
  }

  private static func mismatch(_ kind: String) -> Failure {
    Failure(
      500,
      "json: cannot unmarshal \(kind) into Go value of type map[string]interface {}"
    )
  }

  /// The member mapstructure takes for a field: the exact name, else one that differs in case.
  static func member(_ name: String, of body: JSONObject) -> JSONValue? {
    if let exact = body[name] { return exact }
    let wanted = name.lowercased()
    return body.members.last { $0.key.lowercased() == wanted }?.value
  }

  /// A value as Go's `%v` prints it.
  static func printed(_ value: JSONValue) -> String {
    switch value {
    case .null: "<nil>"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .string(let text): text
    case .array(let elements): "[" + elements.map(printed).joined(separator: " ") + "]"
    case .object(let object):
      "map["
        + object.members.sorted { $0.key < $1.key }
        .map { "\($0.key):\(printed($0.value))" }.joined(separator: " ") + "]"
    }
  }

  /// The Go type a JSON value is decoded to.
  static func typeName(_ value: JSONValue) -> String {
    switch value {
    case .null: "<nil>"
    case .bool: "bool"
    case .number: "float64"
    case .string: "string"
    case .array: "[]interface {}"
    case .object: "map[string]interface {}"
    }
  }
}
