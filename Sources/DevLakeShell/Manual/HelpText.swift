import DevLakeKit

/// The texts of `help`, made from the signatures.
enum HelpText {
  /// Whether there is a page of that name, or one for words among which it stands.
  static func knows(_ word: String, _ registry: SignatureRegistry) -> Bool {
    registry[word] != nil || registry.phrases.contains { $0.words.contains(word) }
      || LanguageTopic.named(word) != nil
  }

  /// The one page whose name begins so.
  static func page(beginning word: String, _ registry: SignatureRegistry) -> String? {
    let pages = (registry.names + LanguageTopic.all.map(\.name)).filter { $0.hasPrefix(word) }
    return pages.count == 1 ? pages[0] : nil
  }

  static func overview(_ registry: SignatureRegistry) -> Output {
    var lines: [String] = []
    let width = registry.names.map(\.count).max() ?? 0
    for topic in Signature.Topic.allCases {
      if !lines.isEmpty { lines.append("") }
      lines.append(topic.rawValue)
      for signature in registry.signatures where signature.topic == topic {
        lines.append("  \(pad(signature.name, width))  \(signature.abstract)")
      }
    }
    let topics = LanguageTopic.all
    let topicWidth = topics.map(\.name.count).max() ?? 0
    lines += ["", "The language"]
    lines += topics.map { "  \(pad($0.name, max(width, topicWidth)))  \($0.abstract)" }
    lines += [
      "", "'help COMMAND' shows its options, 'help if' a page about the language;",
      "'configure connection …' works as in gh-devlake.",
    ]
    let data = registry.signatures.map { signature -> JSONValue in
      ["name": .string(signature.name), "abstract": .string(signature.abstract)]
    }
    return Output(data: .array(data), view: .page(lines), fields: ["name", "abstract"])
  }

  static func command(_ signature: Signature) -> Output {
    var lines = ["\(signature.usage)", "", "  " + sentence(signature.abstract)]
    if !signature.discussion.isEmpty { lines.append("  " + signature.discussion) }
    if !signature.options.isEmpty {
      lines += ["", "Options"] + table(of: signature.options)
    }
    let common = signature.commonOptions
    if signature.takesCommonOptions {
      lines += ["", "Options of every command"] + table(of: common)
    }
    if !signature.phrases.isEmpty {
      lines += [
        "",
        "Also: "
          + signature.phrases.map { $0.joined(separator: " ") }
          .joined(separator: ", "),
      ]
    }
    if !signature.examples.isEmpty {
      lines += ["", "Examples"]
      for example in signature.examples {
        lines += ["  # \(example.purpose)", "  \(example.input)"]
      }
    }
    let data: JSONValue = [
      "name": .string(signature.name), "usage": .string(signature.usage),
      "abstract": .string(signature.abstract),
      "options": .array(
        signature.allOptions.map {
          [
            "name": .string("--" + $0.name), "value": .string($0.placeholder),
            "help": .string($0.help),
          ]
        }
      ),
      "examples": .array(signature.examples.map { .string($0.input) }),
    ]
    return Output(data: data, view: .page(lines))
  }

  static func sentence(_ abstract: String) -> String {
    abstract.hasSuffix("?") ? abstract : abstract + "."
  }

  /// A page on the language.
  static func topic(_ topic: LanguageTopic) -> Output {
    var lines = [topic.abstract]
    var wasTable = false
    for paragraph in topic.text {
      let isTable = paragraph.hasPrefix(" ")
      if !isTable || !wasTable { lines.append("") }
      lines.append(paragraph)
      wasTable = isTable
    }
    lines += ["", "Examples"] + topic.examples.map { "  \($0.script)" }
    let data: JSONValue = [
      "name": .string(topic.name), "abstract": .string(topic.abstract),
      "text": .array(topic.text.map(JSONValue.string)),
      "examples": .array(topic.examples.map { .string($0.script) }),
    ]
    return Output(data: data, view: .page(lines))
  }

  static func phrases(_ registry: SignatureRegistry) -> Output {
    let lines = registry.phrases.filter { $0.words.count == 3 }.map { phrase in
      "\(phrase.words.joined(separator: " "))  =  \(phrase.command)"
    }
    return Output(data: .array(lines.map(JSONValue.string)), view: .page(lines))
  }

  /// `  -o, --output FORMAT  how the result is written`.
  static func table(of options: [Signature.Option]) -> [String] {
    let heads = options.map { option in
      (option.short.map { "-\($0), " } ?? "    ") + "--\(option.name)"
        + (option.placeholder.isEmpty ? "" : " \(option.placeholder)")
    }
    let width = min(34, heads.map(\.count).max() ?? 0)
    return zip(heads, options).map { "  \(pad($0, width))  \($1.help)" }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
