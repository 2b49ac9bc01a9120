import DevLakeKit
import ShellLanguage

/// One value a person gave, with its place.
struct Given: Sendable {
  /// `nil` while a script is only checked and the value is not known yet.
  var value: Value?
  var span: SourceSpan
  var source: SourceText
  /// The name of a field whose value is a secret: `token` of `--field token=$t`.
  var fieldName: String?

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

  /// The command that stands in this one, with its own words; nothing in them is expanded yet.
  var inner: SimpleCommand?

  private var arguments: [String: [Given]] = [:]
  private var options: [String: [Given]] = [:]

  init(signature: Signature, source: SourceText, span: SourceSpan, nameSpan: SourceSpan) {
    self.signature = signature
    self.nameSpan = nameSpan
    self.source = source
    self.span = span
  }

  mutating func add(argument name: String, _ given: Given) {
    arguments[name, default: []].append(given)
  }

  mutating func add(option name: String, _ given: Given) {
    options[name, default: []].append(given)
  }
}

extension Call {
  func all(argument name: String) -> [Given] { arguments[name] ?? [] }
  func argument(_ name: String) -> Given? { arguments[name]?.first }
  func all(option name: String) -> [Given] { options[name] ?? [] }
  /// The last one given counts.
  func option(_ name: String) -> Given? { options[name]?.last }
  func text(_ option: String) -> String? { options[option]?.last?.text }
  func flag(_ option: String) -> Bool { options[option] != nil }
  func integer(_ option: String) -> Int? { text(option).flatMap { Int($0) } }

  /// The whole command, as a place for messages about what is missing.
  var whole: Given { Given(value: nil, span: span, source: source) }

  /// Every value that may be a secret, for redaction and excerpts.
  var secretSpans: [SourceSpan] {
    var spans: [SourceSpan] = []
    for option in signature.allOptions where option.kind == .secret {
      spans += (options[option.name] ?? []).map(\.span)
    }
    for given in arguments.values.joined() where URLCredentials.read(given.text) != nil {
      spans.append(given.span)
    }
    for given in options["url"] ?? [] where URLCredentials.read(given.text) != nil {
      spans.append(given.span)
    }
    for given in options["field"] ?? [] {
      let name = given.text.prefix { $0 != "=" }
      let value = String(given.text.dropFirst(name.count + 1))
      if SecretFields.isSecret(String(name), holding: value) { spans.append(given.span) }
    }
    for given in (options["secret"] ?? []) + (options["replace"] ?? [])
    where !SecretScanner.isReferredTo(by: given.text) {
      spans.append(given.span)
    }
    for given in arguments.values.joined() where BodySecrets.areIn(given.text) {
      spans.append(given.span)
    }
    return spans
  }
}
