import DevLakeKit

/// An error as DevLake words it: layers, the outermost first.
struct Failure: Error, Sendable {
  /// One layer of the message.
  struct Layer: Sendable {
    let text: String
    /// The status DevLake appends as ` (404)`.
    let status: Int?
    /// Whether DevLake itself made the layer; only such layers are told as causes.
    let isOwn: Bool

    /// A layer of DevLake's own making.
    static func own(_ text: String, _ status: Int? = nil) -> Layer {
      Layer(text: text, status: status, isOwn: true)
    }

    /// An error of a library, as it came.
    static func foreign(_ text: String) -> Layer { Layer(text: text, status: nil, isOwn: false) }

    var label: String { status.map { "\(text) (\($0))" } ?? text }
  }

  let status: Int
  var layers: [Layer]
  var data: JSONValue = nil

  init(_ status: Int, _ layers: [Layer], data: JSONValue = nil) {
    self.status = status
    self.layers = layers
    self.data = data
  }

  /// An error of one layer; DevLake appends every status but 500.
  init(_ status: Int, _ text: String, data: JSONValue = nil) {
    self.init(status, [.own(text, status == 500 ? nil : status)], data: data)
  }

  /// A library's error that DevLake passes on under a status of its own.
  static func passedOn(_ status: Int, _ text: String) -> Failure {
    Failure(status, [.own(text, status), .foreign(text)])
  }

  /// An error whose status is a service's; it is appended even when it is 500.
  static func passing(_ status: Int, _ text: String) -> Failure {
    Failure(status, [.own(text, status)])
  }

  /// The same error inside another one.
  func wrapped(_ status: Int, _ text: String) -> Failure {
    Failure(status, [.own(text, status)] + layers, data: data)
  }

  /// The text of the member `message`.
  var message: String {
    guard layers.count > 1 else { return Self.indented(layers[0].label) }
    var text = ""
    for (index, layer) in layers.enumerated() {
      let label = Self.indented(layer.label)
      text += index == 0 ? label : "\nWraps: (\(index + 1)) \(label)"
    }
    text += "\nError types:"
    for (index, layer) in layers.enumerated() {
      text += " (\(index + 1)) \(layer.isOwn ? "*hintdetail.withDetail" : "*errors.errorString")"
    }
    return text
  }

  /// The member `causes`: what DevLake's inner layers say, else `null`.
  var causes: JSONValue {
    let inner = layers.dropFirst().filter(\.isOwn)
    return inner.isEmpty ? nil : .array(inner.map { .string($0.label) })
  }

  /// The answer DevLake makes of the error.
  var answer: Answer {
    .json(
      [
        "code": 0, "success": false, "message": .string(message), "causes": causes, "data": data,
      ],
      status: status
    )
  }

  private static func indented(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map(String.init).joined(separator: "\n  | ")
      .replacing("\n  | \n", with: "\n  |\n")
  }
}
