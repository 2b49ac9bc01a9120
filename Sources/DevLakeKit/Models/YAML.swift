import Yams

/// YAML as text, read into JSON values and written from them.
///
/// Reading follows YAML 1.2's core schema: `no`, `on` and `12:30` are text, not a boolean and not
/// 750. Anchors and `<<` work; keys are text.
public enum YAML {
  /// Reads one document; an empty one is `null`.
  ///
  /// - Throws: ``YAMLMistake`` with the place, lines and columns from 1.
  public static func parse(_ text: String) throws(YAMLMistake) -> JSONValue {
    try parsePlaced(text).json
  }

  /// Reads one document and keeps where everything stands in it; JSON is read as well.
  ///
  /// - Throws: ``YAMLMistake`` with the place, lines and columns from 1.
  public static func parsePlaced(_ text: String) throws(YAMLMistake) -> PlacedValue {
    let root: Node?
    // Yams takes the mark for a character, and the line for indented.
    let text = JSONEscapes.readable(String(text.unicodeScalars.drop { $0 == "\u{FEFF}" }))
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw YAMLMistake(error)
    }
    guard let root else { return PlacedValue(.scalar(.null), at: TextPlace(line: 1, column: 1)) }
    var reader = YAMLReader(marks: ByteOrderMarks(in: text))
    return try reader.value(of: root)
  }

  /// Writes block style, members in their order; text that could be read as anything else is quoted.
  public static func write(_ value: JSONValue) -> String {
    do {
      let text = try Yams.serialize(node: node(of: value), width: -1, allowUnicode: true)
      return escapingMarks(in: text)
    } catch {
      // The emitter fails for a node that is not well formed, which none made here is. JSON is YAML.
      return JSONWriter.write(value, isIndented: true) + "\n"
    }
  }

  private static func node(of value: JSONValue) -> Node {
    switch value {
    case .null: scalar("null", as: .null)
    case .bool(let flag): scalar(flag ? "true" : "false", as: .bool)
    case .number(let text): scalar(text, as: text.contains(where: ".eE".contains) ? .float : .int)
    case .string(let text): self.text(text)
    case .array(let elements):
      .sequence(
        .init(elements.map(node), Tag(.seq), elements.isEmpty ? .flow : .block)
      )
    case .object(let object):
      .mapping(
        .init(
          object.members.map { (self.text($0.key), node(of: $0.value)) },
          Tag(.map),
          object.members.isEmpty ? .flow : .block
        )
      )
    }
  }

  private static func scalar(_ text: String, as name: Tag.Name) -> Node {
    .scalar(.init(text, Tag(name), .plain))
  }

  private static func text(_ text: String) -> Node {
    let hasControls = text.unicodeScalars.contains { $0.value < 0x20 || $0.misleads }
    let style: Node.Scalar.Style =
      if isPlain(text) { .plain } else if hasControls { .doubleQuoted } else { .singleQuoted }
    return .scalar(.init(text, Tag(.str), style))
  }

  /// Marks that mislead as escapes, which is how JSON is written, too; the text that has one stands in
  /// double quotes.
  private static func escapingMarks(in text: String) -> String {
    guard text.unicodeScalars.contains(where: \.misleads) else { return text }
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard scalar.misleads else {
        escaped.append(scalar)
        continue
      }
      escaped.append(contentsOf: scalar.escape.unicodeScalars)
    }
    return String(escaped)
  }

  /// Whether every reader, of YAML 1.1 too, takes the bare text for text.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "/" || first == "_",
      text.last != " ", text.last != ":", !text.contains(": "), !text.contains(" #")
    else { return false }
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
    guard !words.contains(text.lowercased()) else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || " _-./:@+,=#()".contains($0) }
  }
}

/// Why a text is no YAML that can be used.
public struct YAMLMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, one line.
  public let reason: String
  /// The line, from 1; 0 when there is no place.
  public let line: Int
  /// The column, from 1.
  public let column: Int

  /// `line 3, column 5: did not find expected key`.
  public var description: String {
    line > 0 ? "line \(line), column \(column): \(reason)" : reason
  }

  fileprivate init(_ reason: String, at mark: Mark?) {
    (self.reason, line, column) = (reason, mark?.line ?? 0, mark?.column ?? 0)
  }

  fileprivate init(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(problem, at: mark)
    case .duplicatedKeysInMapping(let names, let context):
      self.init("the key '\(names.first ?? "?")' stands there twice", at: context.mark)
    case .reader(let problem, _, _, _): self.init(problem, at: nil)
    default: self.init("no YAML", at: nil)
    }
  }
}

/// Turns Yams' nodes into values.
private struct YAMLReader {
  let marks: ByteOrderMarks
  /// A few lines of anchors that name each other can unfold to billions of values.
  private var budget = 1_000_000

  init(marks: ByteOrderMarks) { self.marks = marks }

  mutating func value(of node: Node) throws(YAMLMistake) -> PlacedValue {
    budget -= 1
    guard budget > 0 else { throw YAMLMistake("its anchors unfold to too much", at: node.mark) }
    let place = Self.place(node.mark)
    switch node {
    case .scalar(let scalar): return PlacedValue(.scalar(value(of: scalar)), at: place)
    case .sequence(let sequence):
      var elements: [PlacedValue] = []
      for element in sequence { elements.append(try value(of: element)) }
      return PlacedValue(.list(elements), at: place)
    case .mapping(let mapping): return PlacedValue(.mapping(try members(of: mapping)), at: place)
    case .alias: throw YAMLMistake("an alias without its anchor", at: node.mark)
    }
  }

  private mutating func members(
    of mapping: Node.Mapping
  ) throws(YAMLMistake) -> [PlacedValue.Member] {
    var merged: [PlacedValue.Member] = []
    var own: [PlacedValue.Member] = []
    for (key, node) in mapping {
      guard let name = key.scalar else { throw YAMLMistake("a key is no text", at: key.mark) }
      let value = try value(of: node)
      guard name.string == "<<", name.style == .plain else {
        own.append(.init(key: text(of: name), place: Self.place(key.mark), value: value))
        continue
      }
      for source in value.elements ?? [value] {
        guard let members = source.members else {
          throw YAMLMistake("'<<' takes a mapping", at: key.mark)
        }
        merged += members.filter { member in !merged.contains { $0.key == member.key } }
      }
    }
    for member in own {
      if let index = merged.firstIndex(where: { $0.key == member.key }) {
        merged[index] = member
      } else {
        merged.append(member)
      }
    }
    return merged
  }

  private static func place(_ mark: Mark?) -> TextPlace {
    TextPlace(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  private func text(of scalar: Node.Scalar) -> String {
    let isMarked = scalar.mark.map { marks.hasText(line: $0.line, column: $0.column) } == true
    return isMarked ? "\u{FEFF}" + scalar.string : scalar.string
  }

  private func value(of scalar: Node.Scalar) -> JSONValue {
    let text = text(of: scalar)
    guard scalar.style == .plain, scalar.tag == .implicit else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return Self.isNumber(text) ? .number(text) : .string(text)
    }
  }

  /// Numbers as JSON writes them; what else YAML calls a number (`0x1F`, `.5`, `+1`) stays text,
  /// which no setting of ours takes for anything else.
  private static func isNumber(_ text: String) -> Bool {
    guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return false }  // no number
    if case .number = value { return true }
    return false
  }
}
