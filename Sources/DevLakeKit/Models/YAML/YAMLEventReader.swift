import CLibYAML

/// What libyaml finds in a text, one event after the other.
enum YAMLEvent {
  case scalar(YAMLScalar)
  /// `*NAME`.
  case alias(String)
  /// A list begins; `&NAME` may name it.
  case listBegin(anchor: String?)
  case mappingBegin(anchor: String?)
  /// The list or mapping that began last ends.
  case end
  case documentBegin
  case streamEnd
  /// A document ends, or the text begins.
  case other
}

/// A text as it is written: `5`, `"5"` and `!!str 5` are three.
struct YAMLScalar {
  var text: String
  /// Whether it is without quotes and without a tag, so that it may be a number.
  var isPlain: Bool
  var anchor: String?
}

/// Reads the events of one text.
final class YAMLEventReader {
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  /// libyaml reads it as it goes.
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ text: String) {
    bytes = .allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
    guard yaml_parser_initialize(parser) == 1 else { fatalError("no memory for a YAML parser") }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event, and where it begins.
  func next() throws(YAMLMistake) -> (event: YAMLEvent, place: TextPlace) {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw mistake }
    defer { yaml_event_delete(&event) }
    return (Self.event(of: event), TextPlace(event.start_mark))
  }

  private static func event(of event: yaml_event_t) -> YAMLEvent {
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        YAMLScalar(
          text: String(decoding: text, as: UTF8.self),
          isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil,
          anchor: name(scalar.anchor)
        )
      )
    case YAML_ALIAS_EVENT: return .alias(name(event.data.alias.anchor) ?? "")
    case YAML_SEQUENCE_START_EVENT:
      return .listBegin(anchor: name(event.data.sequence_start.anchor))
    case YAML_MAPPING_START_EVENT:
      return .mappingBegin(anchor: name(event.data.mapping_start.anchor))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .end
    case YAML_DOCUMENT_START_EVENT: return .documentBegin
    case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return .streamEnd
    default: return .other
    }
  }

  private static func name(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
    text.map { String(cString: $0) }
  }

  private var mistake: YAMLMistake {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "no YAML"
    guard state.error == YAML_READER_ERROR else {
      return YAMLMistake(problem, at: TextPlace(state.problem_mark))
    }
    // What cannot be a character of YAML is known by its byte alone.
    let before = String(decoding: bytes.prefix(state.problem_offset), as: UTF8.self).unicodeScalars
    let line = before.reversed().prefix { $0 != "\n" }
    return YAMLMistake(
      problem,
      at: TextPlace(line: before.count { $0 == "\n" } + 1, column: line.count + 1)
    )
  }
}

extension TextPlace {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: mark.line + 1, column: mark.column + 1)
  }
}
