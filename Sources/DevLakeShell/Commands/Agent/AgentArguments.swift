import DevLakeKit
import ShellLanguage

/// The values an agent gives, as the words of a command.
///
/// No value can become an option: each option carries its value behind `=`, and everything else
/// is behind `--`. Nothing in a word is expanded.
struct AgentArguments {
  /// The text of the connections file, where the tool takes one.
  private(set) var file: String?
  private var options: [String] = []
  private var words: [String] = []

  /// Reads the arguments of a tool call: a member for each argument and option of the command.
  ///
  /// - Throws: For a value that is not what the tool's schema says.
  init(_ values: JSONObject, of signature: Signature) throws(Failure) {
    var rest = values
    for argument in signature.arguments {
      guard let property = AgentProperty(argument) else { continue }
      let value = rest.removeValue(property.name)
      guard let value, !value.isNull else {
        guard argument.isRequired else { continue }
        throw .usage("'\(property.name)' is missing")
      }
      switch argument.kind {
      case .file:
        file = try Self.text(value, property.name, longest: AgentProperty.longestFile)
        words.append("-")
      case .address:
        let name = try Self.text(value, property.name)
        guard NamedInstances.isName(name) else {
          throw .invalid("'\(property.name)' must be the name of an instance, not a URL")
        }
        words.append(name)
      case .selector: words += try Self.list(value, property.name)
      default: words.append(try Self.word(value, argument.kind, property.name))
      }
    }
    for option in signature.options {
      guard let property = AgentProperty(option), let value = rest.removeValue(property.name),
        !value.isNull
      else { continue }
      if option.kind == .flag {
        guard let isOn = value.bool else { throw Self.wrong(property.name, "true or false") }
        if isOn { options.append("--\(option.name)") }
      } else if option.isRepeated {
        options += try Self.list(value, property.name).map { "--\(option.name)=\($0)" }
      } else {
        options.append("--\(option.name)=\(try Self.word(value, option.kind, property.name))")
      }
    }
    if let unknown = rest.members.first {
      let known = (AgentTools.inputSchema(signature)["properties"]?.object ?? [:]).keys
      throw .usage(
        "there is no '\(AgentText.cleaned(unknown.key))'",
        help: known.isEmpty ? nil : "there are \(known.joined(separator: ", "))"
      )
    }
  }

  /// The command with these values, held against its signature.
  func call(_ tool: any AgentTool, in registry: CommandRegistry) throws(Failure) -> Call {
    let (source, simple) = ArgumentSource.make(
      [tool.signature.name] + options + (words.isEmpty ? [] : ["--"] + words)
    )
    let binder = Binder(
      registry: registry.signatures,
      source: source,
      expand: { (_, _) throws(Failure) in nil },
      isRestricted: true
    )
    let call = try binder.bind(simple)
    if let mistake = tool.mistakes(in: call).first { throw mistake }
    return call
  }

  private static func word(
    _ value: JSONValue,
    _ kind: ValueKind,
    _ name: String
  ) throws(Failure) -> String {
    switch kind {
    case .id, .integer:
      guard let number = value.int else { throw wrong(name, "a whole number") }
      return "\(number)"
    default: return try text(value, name)
    }
  }

  /// Several words, or one.
  private static func list(_ value: JSONValue, _ name: String) throws(Failure) -> [String] {
    guard let elements = value.array ?? (value.string == nil ? nil : [value]) else {
      throw wrong(name, "a list of texts")
    }
    guard elements.count <= AgentProperty.most else {
      throw .invalid("'\(name)' takes at most \(AgentProperty.most)")
    }
    return try elements.map { (element) throws(Failure) in try text(element, name) }
  }

  private static func text(
    _ value: JSONValue,
    _ name: String,
    longest: Int = AgentProperty.longest
  ) throws(Failure) -> String {
    guard let text = value.string else { throw wrong(name, "a text") }
    guard text.utf8.count <= longest else { throw .invalid("'\(name)' is too long") }
    let isLong = longest > AgentProperty.longest
    guard isLong || !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else { throw .invalid("'\(name)' has control characters") }
    guard !text.isEmpty else { throw .invalid("'\(name)' is empty") }
    return text
  }

  private static func wrong(_ name: String, _ wanted: String) -> Failure {
    .invalid("'\(name)' takes \(wanted)")
  }
}

extension JSONObject {
  fileprivate mutating func removeValue(_ name: String) -> JSONValue? {
    let value = self[name]
    self[name] = nil
    return value
  }
}
