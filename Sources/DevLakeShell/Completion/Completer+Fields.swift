import DevLakeKit
import ShellLanguage

/// The names of fields, where an option's value is made of them.
extension Completer {
  /// What may stand as the value of an option.
  func values(
    of option: Signature.Option,
    _ written: String,
    _ context: CompletionContext?
  ) -> [Proposal] {
    switch option.name {
    case "fields":
      // Behind the last comma.
      let head = written.lastIndex(of: ",").map { String(written[...$0]) } ?? ""
      let given = Set(head.split(separator: ",").map(String.init))
      return fieldNames(context).filter { !given.contains($0) }
        .map { Proposal(text: head + $0, isFinal: false) }
    case "clear": return clearableFields(context).map { Proposal(text: $0) }
    default: return values(option.kind, written, context)
    }
  }

  /// The fields where a condition wants one: at its start, and behind `and`, `or`, `not` and `(`.
  func conditionFields(_ written: String, _ context: CompletionContext?) -> [Proposal] {
    let word =
      written.lastIndex { $0 == " " || $0 == "(" }
      .map { written[written.index(after: $0)...] } ?? written[...]
    let head = written[..<word.startIndex]
    let before = head.split { $0 == " " }.last
    guard before.map({ ["and", "or", "not"].contains($0) || $0.hasSuffix("(") }) ?? true else {
      return []
    }
    return fieldNames(context).map { Proposal(text: head + $0 + " ", isFinal: false) }
  }

  /// Fields of the plugin that is meant, of all plugins that have connections where none is.
  private func fieldNames(_ context: CompletionContext?) -> [String] {
    let plugins = plugin(context).map { [$0] } ?? session.inventory.plugins.map(session.plugin)
    return ConnectionFields.names(of: plugins)
  }

  /// What `update --clear` may empty: the fields of the plugin of the connection that is named.
  private func clearableFields(_ context: CompletionContext?) -> [String] {
    let named = context?.command.words.lazy.compactMap(\.literal)
      .compactMap { word in word.split(separator: "/").first.map(String.init) }
      .first { PluginRegistry.standard[$0] != nil }
    guard let plugin = named.map({ session.plugin($0) }) ?? plugin(context) else {
      return ConnectionFields.names(of: [])
    }
    return plugin.fields.map(\.name).sorted()
  }

  /// The plugin that the last 'use' before an offset selects, in a line of several statements.
  static func pluginUsed(in source: SourceText, before cursor: Int) -> String? {
    guard source.text.utf8.contains(UInt8(ascii: ";")) else { return nil }
    let before = String(decoding: source.text.utf8.prefix(cursor), as: UTF8.self)
    let parsed = Parser.parse(SourceText(name: source.name, text: before))
    return parsed.script.statements.compactMap { statement -> String? in
      guard case .list(.command(let piped)) = statement, piped.command.name.value == "use" else {
        return nil
      }
      return piped.command.words.first?.literal
    }.last
  }
}

/// Words for `sh`, behind `!` and `|`.
extension Completer {
  /// Of the text for `sh` only its last word is replaced.
  func shellWord(_ context: CompletionContext) -> CompletionContext {
    guard context.role == .shell else { return context }
    var context = context
    let raw = context.partial.raw
    let word =
      raw.lastIndex { " \t|&(".contains($0) }
      .map { raw[raw.index(after: $0)...] } ?? raw[...]
    let upper = context.partial.span.upper
    context.partial.span = SourceSpan(lower: upper - word.utf8.count, upper: upper)
    // Quotes and variables of sh are its own.
    let isPlain = !word.contains { "'\"\\$`".contains($0) }
    context.partial.value = isPlain ? String(word) : nil
    return context
  }

  /// Programs where a command begins, else files.
  func shellWords(_ context: CompletionContext, _ written: String) -> [Proposal] {
    let before = context.partial.raw.dropLast(written.count)
    let last = before.last { $0 != " " && $0 != "\t" }
    let isCommand = last.map { "|&(".contains($0) } ?? true
    guard isCommand, !written.contains("/") else { return files(written) }
    return ProgramNames.completions(
      of: written,
      path: session.world.environment["PATH", default: ""]
    ).map { Proposal(text: $0) }
  }
}
