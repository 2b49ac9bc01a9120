import DevLakeKit
import ShellLanguage

/// One value a person gave, with its place.
struct ArgumentValue: Sendable {
  /// `nil` while a script is only checked and the value is not known yet.
  var value: Value?
  var span: SourceSpan
  var source: SourceText
  /// The name of a field whose value is a secret: `token` of `--field token=$t`.
  var fieldName: String?

  /// The condition it is, where one is wanted.
  var condition: RowCondition?
  /// What the parts of a condition's word mean, in their order.
  var parts: [Expanded.Part]?
  /// The pieces the text was put together from, where one of them came from outside the script.
  var pieces: [Expanded.Piece]?

  /// The text; empty for what is not known yet and for secrets.
  var text: String { value?.text ?? "" }
}

/// A command's values, checked against its signature.
struct Call: Sendable {
  let signature: Signature
  let source: SourceText
  /// From the command's name to its last word.
  let span: SourceSpan
  /// The command's name, as it was written.
  let nameSpan: SourceSpan
  /// Whether the words of the documents were used: `--plugin` and `--id` instead of selectors.
  var isPhrase = false

  /// The command that is in this one, with its own words; nothing in them is expanded yet.
  var inner: SimpleCommand?

  private var arguments: [String: [ArgumentValue]] = [:]
  private var options: [String: [ArgumentValue]] = [:]

  init(signature: Signature, source: SourceText, span: SourceSpan, nameSpan: SourceSpan) {
    self.signature = signature
    self.nameSpan = nameSpan
    self.source = source
    self.span = span
  }

  mutating func add(argument name: String, _ given: ArgumentValue) {
    arguments[name, default: []].append(given)
  }

  mutating func add(option name: String, _ given: ArgumentValue) {
    options[name, default: []].append(given)
  }
}

extension Call {
  func all(argument name: String) -> [ArgumentValue] { arguments[name] ?? [] }
  func argument(_ name: String) -> ArgumentValue? { arguments[name]?.first }
  func all(option name: String) -> [ArgumentValue] { options[name] ?? [] }
  /// The last one given counts.
  func option(_ name: String) -> ArgumentValue? { options[name]?.last }
  func text(_ option: String) -> String? { options[option]?.last?.text }
  func flag(_ option: String) -> Bool { options[option] != nil }
  func integer(_ option: String) -> Int? { text(option).flatMap { Int($0) } }

  /// The whole command, as a place for messages about what is missing.
  var whole: ArgumentValue { ArgumentValue(value: nil, span: span, source: source) }

  /// Every place in which a secret may be written; `$c` and references hold none, whatever their value.
  var secretSpans: [SourceSpan] {
    var spans: [SourceSpan] = []
    for option in signature.allOptions where option.kind == .secret {
      spans += (options[option.name] ?? []).filter { !$0.isReference }.map(\.span)
    }
    for given in arguments.values.joined() + (options["url"] ?? []) {
      let written = given.written
      if ServerURL.credentials(inWord: written[...]) != nil || BodySecrets.areIn(written) {
        spans.append(given.span)
      }
    }
    for given in options["field"] ?? [] {
      let (name, value) = given.pair
      // Whether something is on or off is not a secret.
      guard !["true", "false", "null"].contains(value.lowercased()) else { continue }
      if NamedSecrets.isSecret(name), !TypedWord.isReference(value) { spans.append(given.span) }
    }
    let named = signature.allOptions.filter { $0.kind == .namedSecret }.map(\.name)
    for given in (["secret", "replace"] + named).flatMap({ options[$0] ?? [] })
    where !SecretScanner.isReferredTo(by: given.written) {
      spans.append(given.span)
    }
    return spans
  }

  /// The connections that are behind variables of the command: `$c is github/3`.
  var connectionsBehindVariables: [String] {
    arguments.values.joined().compactMap { given in
      guard given.written.hasPrefix("$"), case .data(let data)? = given.value else { return nil }
      let record = data.array?.count == 1 ? data.array?.first : data
      guard let plugin = record?["plugin"]?.string, let id = record?["id"]?.int else { return nil }
      return "\(given.written) is \(ConnectionKey(plugin: plugin, id: id))"
    }
  }
}

extension ArgumentValue {
  /// The word as it is written, without quotes around it.
  var written: String {
    let bytes = Array(source.text.utf8)
    let lower = min(max(0, span.lower), bytes.count)
    let upper = min(max(lower, span.upper), bytes.count)
    return TypedWord(text: String(decoding: bytes[lower..<upper], as: UTF8.self), span: span).bare
  }

  /// Whether the word only says where a secret is; one that carries its option begins with it.
  fileprivate var isReference: Bool {
    let text = written
    guard text.hasPrefix("-"), let equals = text.firstIndex(of: "=") else {
      return TypedWord.isReference(text)
    }
    return TypedWord.isReference(String(text[text.index(after: equals)...]))
  }

  /// NAME and VALUE of a word that is a pair, as written.
  fileprivate var pair: (name: String, value: String) {
    let text = written
    guard let equals = text.firstIndex(of: "=") else { return (text, "") }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
