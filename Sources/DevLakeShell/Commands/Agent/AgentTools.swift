import DevLakeKit

/// A command an agent may call.
///
/// Only what reads may be one; what a word of it could reach outside DevLake, such as a file, an
/// address or a secret, is not a property of its tool.
protocol AgentTool: Command {
  /// The members of a record of its result that are always there, with their types in JSON Schema.
  var recordTypes: KeyValuePairs<String, String> { get }
}

/// The tools, made of the commands' signatures.
struct AgentTools {
  let registry: CommandRegistry

  subscript(name: String) -> (any AgentTool)? {
    guard let tool = registry[name] as? any AgentTool, !tool.signature.changes else { return nil }
    return tool
  }

  /// As `tools/list` gives them, always in the same order.
  var list: [JSONValue] {
    registry.commands.compactMap { self[$0.signature.name] }.map { tool in
      let signature = tool.signature
      let words = signature.abstract.prefix(1).uppercased() + signature.abstract.dropFirst()
      return [
        "name": .string(signature.name), "title": .string(String(words)),
        "description": .string("\(words). \(signature.discussion) \(AgentText.warning)"),
        "inputSchema": Self.inputSchema(signature),
        "outputSchema": Self.outputSchema(tool.recordTypes),
        "annotations": [
          "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true,
          "openWorldHint": true,
        ],
      ]
    }
  }

  // What a tool takes.

  static func inputSchema(_ signature: Signature) -> JSONValue {
    var properties = JSONObject()
    var required: [JSONValue] = []
    for argument in signature.arguments {
      guard let property = AgentProperty(argument) else { continue }
      properties[property.name] = property.schema
      if argument.isRequired { required.append(.string(property.name)) }
    }
    for option in signature.options {
      guard let property = AgentProperty(option) else { continue }
      properties[property.name] = property.schema
    }
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
      "properties": .object(properties), "required": .array(required),
      "additionalProperties": false,
    ]
  }

  // What it gives.

  private static func outputSchema(_ types: KeyValuePairs<String, String>) -> JSONValue {
    var properties: JSONObject = ["instance": ["type": "string"]]
    for (name, type) in types { properties[name] = ["type": .string(type)] }
    let text: JSONValue = ["type": "string"]
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
      "properties": [
        "warning": text, "ok": ["type": "boolean"], "exitCode": ["type": "integer"],
        "records": [
          "type": "array",
          "items": [
            "type": "object", "properties": .object(properties),
            "required": .array(types.map { .string($0.key) }),
          ],
        ],
        "failures": ["type": "array", "items": ["type": "object"]],
        "error": [
          "type": "object", "properties": ["code": text, "message": text, "help": text],
          "required": ["code", "message"],
        ],
        "notes": ["type": "array", "items": text],
      ],
      "required": ["warning", "ok", "exitCode", "records", "failures", "notes"],
    ]
  }
}

/// One thing a tool takes: an argument or an option of its command.
struct AgentProperty {
  let name: String
  let schema: JSONValue

  /// How long a text may be.
  static let longest = 10_000
  /// How long a connections file may be.
  static let longestFile = 1 << 20
  /// How many connections may be named.
  static let most = 1000
  /// What names an instance, and never an address.
  static let instanceName = "^[A-Za-z0-9._-]+$"

  /// `nil`: nothing an agent may give.
  init?(_ argument: Signature.Argument) {
    switch argument.kind {
    case .file:
      name = "file"
      schema = [
        "type": "string", "maxLength": .integer(Self.longestFile),
        "description": "the text of a connections file, YAML or JSON; no path",
      ]
    case .address:
      name = argument.name.lowercased()
      schema = [
        "type": "string", "pattern": .string(Self.instanceName), "maxLength": 100,
        "description": "the name of an instance",
      ]
    case .selector:
      name = "connections"
      let word: JSONValue = [
        "type": "string", "minLength": 1, "maxLength": .integer(Self.longest),
        "description": "PLUGIN/ID, an exact name, a pattern with * and ?, PLUGIN/*, or all",
      ]
      schema = ["type": "array", "items": word, "maxItems": .integer(Self.most)]
    default:
      guard let type = Self.type(of: argument.kind) else { return nil }
      name = argument.name.lowercased()
      schema = .object(type)
    }
  }

  init?(_ option: Signature.Option) {
    guard option.effect == nil, option.kind != .address, var type = Self.type(of: option.kind)
    else {
      return nil
    }
    name = option.name
    if option.isRepeated {
      type = ["type": "array", "items": .object(type), "maxItems": .integer(Self.most)]
    }
    type["description"] = .string(option.help)
    schema = .object(type)
  }

  /// What may be given plainly.
  ///
  /// A secret, a file, an address and a command have no type here, and a kind that is new has none
  /// until someone thinks of it.
  private static func type(of kind: ValueKind) -> JSONObject? {
    switch kind {
    case .flag: ["type": "boolean"]
    case .id: ["type": "integer", "minimum": 1]
    case .integer(let range):
      [
        "type": "integer", "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ]
    case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
    case .text, .plugin, .condition, .instance, .instancePattern:
      ["type": "string", "minLength": 1, "maxLength": .integer(longest)]
    default: nil
    }
  }
}
