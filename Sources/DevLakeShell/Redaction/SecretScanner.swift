import DevLakeKit
import ShellLanguage

/// Finds the secrets in what was written, for history and for the source lines of messages.
///
/// The words are read by the language's rules for quotes, not by a pattern over the text: an option
/// that takes a secret is known by its signature, a mistyped one by its likeness to it, and each word
/// is looked at by itself. So it works for what cannot be parsed, too.
struct SecretScanner {
  private let names: SecretOptionNames

  init(registry: SignatureRegistry) { names = SecretOptionNames(registry) }

  /// The places of the secrets; references such as `env:NAME` are none.
  func spans(in text: String) -> [SourceSpan] {
    var spans: [SourceSpan] = []
    var words = TypedWord.words(of: text)
    // The commands that are before a word: their options may be there without hyphens.
    var commands: Set<String> = []
    for index in words.indices {
      let known = spans.count
      spans += secrets(at: index, in: words, behind: commands)
      if names.isCommand(words[index].text) { commands.insert(words[index].text) }
      // A secret that is 'let' begins nothing, or the redacted text would be read otherwise.
      for place in [index, index + 1] where place < words.count && words[place].text == "let" {
        if spans[known...].contains(words[place].span) { words[place].text = "<redacted>" }
      }
    }
    return spans
  }

  /// The entry with every secret replaced by `<redacted>`, as history keeps it: nothing is left in it
  /// that would be replaced.
  ///
  /// Where a quote stays open, what is replaced changes what the rest is taken for.
  func redacted(_ entry: String) -> String {
    var entry = entry
    for _ in 0..<20 {
      let source = SourceText(name: DiagnosticRenderer.prompt, text: entry)
      let next = source.redacting(spans(in: entry))
      if next == entry { return entry }
      entry = next
    }
    return SourceText.redacted
  }

  /// The diagnostic with the secrets of its source line hidden, in the line and in its sentences.
  func hiding(in diagnostic: Diagnostic) -> Diagnostic {
    var lines = LineSecrets(self)
    return lines.hiding(in: diagnostic)
  }

  private func secrets(
    at index: Int,
    in words: [TypedWord],
    behind commands: Set<String>
  ) -> [SourceSpan] {
    let word = words[index]
    let next = index + 1 < words.count ? words[index + 1] : nil
    // What follows `let --secret` is a name; the value comes after it.
    if Self.isLetOption(words, index) {
      return next.flatMap(Self.valueOfName).map { [$0] } ?? []
    }
    if Self.isValueOfLet(words, index) { return word.isReference ? [] : [word.span] }
    var spans: [SourceSpan] = []
    if let name = word.optionName {
      spans += secrets(ofOption: String(name), word, next)
    } else if let next, isForgottenOption(index, in: words, behind: commands), !next.isReference {
      spans.append(next.span)
    }
    if let span = Self.credentials(in: word) { return spans + [span] }
    if Self.isWhollySecret(word) { return spans + [word.span] }
    return spans + NamedSecrets.spans(in: word)
      + EmbeddedSecrets.spans(in: word.text).map {
        SourceSpan(lower: word.span.lower + $0.lower, upper: word.span.lower + $0.upper)
      }
  }

  /// What an option gives away, in its own word or the next.
  private func secrets(
    ofOption name: String,
    _ word: TypedWord,
    _ next: TypedWord?
  ) -> [SourceSpan] {
    guard let value = word.value ?? next else { return [] }
    switch name {
    case _ where names.takesNamedSecret(name):
      return Self.isReferredTo(by: value.text) ? [] : Self.secretMember(value)
    case "field", "set": return []  // known by the name that is in the pair
    case "u", "U", "user", "proxy-user": return Self.password(ofPair: value).map { [$0] } ?? []
    case "H", "header": return Self.headerValue(value).map { [$0] } ?? []
    default: return names.isSecret(name) && !value.isReference ? [value.span] : []
    }
  }

  /// The value of `--secret NAME=REF`; all of it where that is not a pair.
  private static func secretMember(_ pair: TypedWord) -> [SourceSpan] {
    guard let value = pair.value, !value.text.isEmpty else { return [pair.span] }
    return [value.span]
  }

  /// Whether `NAME=REF` holds no secret, but says where it is.
  static func isReferredTo(by pair: String) -> Bool {
    guard let equals = pair.firstIndex(of: "=") else { return TypedWord.isReference(pair) }
    return TypedWord.isReference(String(pair[pair.index(after: equals)...]))
  }

  /// What follows the name in `-u NAME:PASSWORD`.
  private static func password(ofPair pair: TypedWord) -> SourceSpan? {
    guard !pair.text.contains("://"), let colon = pair.text.utf8.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    let value = pair.dropping(pair.text.utf8.distance(from: pair.text.startIndex, to: colon) + 1)
    return value.isReference ? nil : value.span
  }

  /// What a header field holds, whatever it is called: who gives one wants to be let in.
  private static func headerValue(_ header: TypedWord) -> SourceSpan? {
    guard let colon = header.text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = header.text[..<colon].drop { $0 == "'" || $0 == "\"" }.lowercased()
    guard !["accept", "content-type", "user-agent", "host", "origin"].contains(name) else {
      return nil
    }
    var value = header.dropping(
      header.text.utf8.distance(from: header.text.startIndex, to: colon) + 1
    )
    while value.text.first == " " { value = value.dropping(1) }
    for scheme in ["Bearer ", "Basic ", "bearer ", "basic ", "token ", "Token "]
    where value.text.hasPrefix(scheme) {
      value = value.dropping(scheme.utf8.count)
    }
    if let quote = header.text.first, quote == "'" || quote == "\"", value.text.last == quote {
      value.text.removeLast()
      value.span = SourceSpan(lower: value.span.lower, upper: value.span.upper - 1)
    }
    return value.isReference ? nil : value.span
  }

  /// What is before `@` in a URL, and in `user:password@host` without a scheme.
  private static func credentials(in word: TypedWord) -> SourceSpan? {
    let utf8 = word.text.utf8
    func span(_ start: String.Index, _ end: String.Index) -> SourceSpan {
      SourceSpan(
        lower: word.span.lower + utf8.distance(from: utf8.startIndex, to: start),
        upper: word.span.lower + utf8.distance(from: utf8.startIndex, to: end)
      )
    }
    if word.text.contains("://") {
      let place = ServerURL.credentials(inWord: word.text[...])
      return place.map { span($0.lowerBound, $0.upperBound) }
    }
    guard let at = word.text.lastIndex(of: "@"), !word.text.contains(where: \.isWhitespace) else {
      return nil
    }
    let start =
      word.text.firstIndex { $0 != "'" && $0 != "\"" && $0 != "=" } ?? word.text.startIndex
    let pair = word.text[..<at]
    let known = ["name:", "env:", "file:", "cmd:", "mailto:", "text:"]
    guard let colon = pair.firstIndex(of: ":"), start < colon,
      pair.index(after: colon) < at, word.text.index(after: at) < word.text.endIndex,
      !pair[..<colon].contains(where: { "/{[\"'".contains($0) && $0 != pair[start] }),
      !known.contains(where: pair[start...].hasPrefix)
    else { return nil }
    return span(start, at)
  }

  /// Whether an answer to an open question may be a secret meant for another one: it begins as a
  /// token does, or has a long piece of letters and digits as no name has.
  static func mayBeSecret(_ text: String) -> Bool {
    let word = TypedWord(text: text, span: SourceSpan(lower: 0, upper: text.utf8.count))
    if isWhollySecret(word) { return true }
    return text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.contains { piece in
      piece.utf8.count >= 16 && piece.contains(where: \.isNumber)
        && piece.contains(where: \.isLetter)
    }
  }

  /// Whether the whole word is to be hidden: it is a token, spelled out, a key, or a body with secrets.
  private static func isWhollySecret(_ word: TypedWord) -> Bool {
    let value = word.text.drop { $0 == "'" || $0 == "\"" }
    if ServerURL.credentials(inWord: value) != nil { return true }
    return EmbeddedSecrets.begins(value) || BodySecrets.areIn(word.text)
      || ["text:", "-----BEGIN"].contains { value.hasPrefix($0) && value.count > $0.count }
  }

  /// Whether a word is the name of one of its command's secret options, without hyphens: `rotate 1
  /// token …`.
  private func isForgottenOption(
    _ index: Int,
    in words: [TypedWord],
    behind commands: Set<String>
  ) -> Bool {
    guard index > 0, index + 1 < words.count, words[index + 1].optionName == nil else {
      return false
    }
    return !names.commands(with: words[index].text).isDisjoint(with: commands)
  }

  /// Whether the word is the option of `let --secret`, mistyped or not.
  private static func isLetOption(_ words: [TypedWord], _ index: Int) -> Bool {
    guard index > 0, let name = words[index].optionName, !words[index].text.contains("=") else {
      return false
    }
    let isSecret =
      Suggestion.closest(to: String(name), among: ["secret"]) != nil
      || (name.count > 2 && "secret".hasPrefix(name))
    guard isSecret else { return false }
    return words[index - 1].text == "let"
      || (index + 2 < words.count && words[index + 2].text == "=")
  }

  /// Whether the word is the value of `let --secret NAME = …`, or of a variable whose name says that
  /// it is a secret.
  private static func isValueOfLet(_ words: [TypedWord], _ index: Int) -> Bool {
    guard index >= 2 else { return false }
    let isAfterSign = words[index - 1].text == "="
    if isAfterSign, index >= 4, isLetOption(words, index - 3) { return true }
    let name = isAfterSign ? index - 2 : index - 1
    guard name > 0, words[name - 1].text == "let", words[name].optionName == nil,
      words[index].text != "="
    else { return false }
    return NamedSecrets.isSecret(words[name].text)
  }

  /// The place of what is behind `NAME=`, where the blanks were forgotten.
  private static func valueOfName(_ word: TypedWord) -> SourceSpan? {
    guard let value = word.value else { return nil }
    // Where a quote begins before it, that is not a name.
    let name = word.text.prefix { $0 != "=" }
    if name.contains(where: { $0 == "'" || $0 == "\"" }) { return word.span }
    return value.text.isEmpty || value.isReference ? nil : value.span
  }
}
