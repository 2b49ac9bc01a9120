import CLibYAML

/// Writes events as text by libyaml: block style, lines of any length.
final class YAMLEmitter {
  private let emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
  private var bytes: [UInt8] = []
  /// Whether an event was refused, which none is that follows another as YAML has it.
  private var hasFailed = false

  private init() {
    guard yaml_emitter_initialize(emitter) == 1 else { fatalError("no memory for a YAML emitter") }
    yaml_emitter_set_output(
      emitter,
      { this, chunk, count in
        guard let this, let chunk else { return 0 }
        let emitter = Unmanaged<YAMLEmitter>.fromOpaque(this).takeUnretainedValue()
        emitter.bytes += UnsafeBufferPointer(start: chunk, count: count)
        return 1
      },
      Unmanaged.passUnretained(self).toOpaque()
    )
    yaml_emitter_set_unicode(emitter, 1)
    yaml_emitter_set_width(emitter, -1)
  }

  deinit {
    yaml_emitter_delete(emitter)
    emitter.deallocate()
  }

  /// One document, which `write` fills with one value; `nil` when that was none.
  static func document(_ write: (YAMLEmitter) -> Void) -> String? {
    let emitter = YAMLEmitter()
    emitter.emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    emitter.emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
    write(emitter)
    emitter.emit { yaml_document_end_event_initialize(&$0, 1) }
    emitter.emit { yaml_stream_end_event_initialize(&$0) }
    return emitter.hasFailed ? nil : String(decoding: emitter.bytes, as: UTF8.self)
  }

  /// How a text is written, if it can be.
  enum Style {
    case plain, singleQuoted, doubleQuoted
  }

  func scalar(_ text: String, _ style: Style) {
    var text = text
    let style =
      switch style {
      case .plain: YAML_PLAIN_SCALAR_STYLE
      case .singleQuoted: YAML_SINGLE_QUOTED_SCALAR_STYLE
      case .doubleQuoted: YAML_DOUBLE_QUOTED_SCALAR_STYLE
      }
    text.withUTF8 { bytes in
      emit {
        yaml_scalar_event_initialize(
          &$0,
          nil,
          nil,
          bytes.baseAddress,
          CInt(bytes.count),
          1,
          1,
          style
        )
      }
    }
  }

  func list(isEmpty: Bool, _ elements: () -> Void) {
    let style = isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
    emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, style) }
    elements()
    emit { yaml_sequence_end_event_initialize(&$0) }
  }

  func mapping(isEmpty: Bool, _ members: () -> Void) {
    let style = isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
    emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, style) }
    members()
    emit { yaml_mapping_end_event_initialize(&$0) }
  }

  /// The emitter takes the event, whatever comes of it.
  private func emit(_ make: (inout yaml_event_t) -> CInt) {
    var event = yaml_event_t()
    guard make(&event) == 1, yaml_emitter_emit(emitter, &event) == 1 else {
      hasFailed = true
      return
    }
  }
}
