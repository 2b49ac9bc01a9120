import DevLakeKit
import ShellLanguage

/// Matches the words of a command with its signature.
///
/// The same code checks a script before it runs, when the value of a word with expansions is not
/// known yet, and binds the words when it does run.
struct Binder {
  let registry: SignatureRegistry
  let source: SourceText
  /// Finds what a word means where that kind of value is wanted; `nil` when only checking.
  var expand: (Word, ValueKind) throws(Failure) -> Expanded?
  /// Whether a unique beginning of a command's name is enough: at the prompt only.
  var allowsAbbreviations = false
  /// Whether what leaves the shell is refused: `--restricted`.
  var isRestricted = false
  /// The command this one is in.
  var outer: Signature?
  /// What was meant by unknown names, where many are looked at.
  var suggestions: SuggestionMemory?
  /// The commands of the script's own.
  var definitions: [String: Signature] = [:]
  /// The plugins the server is known to have.
  var serverPlugins: [String] = []

  /// The signature of the command, and its values.
  func bind(_ simple: SimpleCommand) throws(Failure) -> Call {
    var mistakes: [Failure] = []
    let bound = bind(simple, &mistakes)
    guard let bound, mistakes.isEmpty else {
      throw mistakes.first ?? unknown(simple.name)
    }
    return bound
  }

  /// The same with every mistake in the words; `nil` for an unknown command.
  func bind(_ simple: SimpleCommand, _ mistakes: inout [Failure]) -> Call? {
    do throws(Failure) {
      let (signature, words, isPhrase) = try resolve(simple)
      var call = Call(
        signature: signature,
        source: source,
        span: simple.span,
        nameSpan: simple.name.span
      )
      call.isPhrase = isPhrase
      fill(&call, signature, words, &mistakes)
      return call
    } catch {
      mistakes.append(error)
      return nil
    }
  }

  /// The values of words whose signature is known.
  func bind(
    _ signature: Signature,
    words: ArraySlice<Word>,
    span: SourceSpan,
    nameSpan: SourceSpan
  ) throws(Failure) -> Call {
    var call = Call(signature: signature, source: source, span: span, nameSpan: nameSpan)
    var mistakes: [Failure] = []
    fill(&call, signature, words, &mistakes)
    if let first = mistakes.first { throw first }
    return call
  }

  private func fill(
    _ call: inout Call,
    _ signature: Signature,
    _ words: ArraySlice<Word>,
    _ mistakes: inout [Failure]
  ) {
    var words = words
    var position = 0
    var optionsEnded = false
    // Options of every command that are before a command inside are that one's.
    var handedOn: [Word] = []
    // The word after an unknown option may be its value: nobody can tell.
    var hasUnknownOption = false
    while let word = words.popFirst() {
      if !optionsEnded, word.isOptionLike, word.plain != "-", !Self.isNegativeNumber(word) {
        if word.endsOptions {
          optionsEnded = true
          continue
        }
        let before = words
        do throws(Failure) {
          try takeOption(word, &words, &call, signature)
          if signature.takesCommand, let name = word.writtenOption?.name.value,
            let option = option(name, in: signature), Signature.isCommon(option.name)
          {
            handedOn += [word] + before.dropLast(words.count)
          }
        } catch {
          hasUnknownOption = true
          mistakes.append(error)
        }
        continue
      }
      guard position < signature.arguments.count else {
        if !hasUnknownOption { mistakes.append(surplus(word, signature)) }
        break
      }
      if signature.arguments[position].isLeftOut(before: word, isLast: words.isEmpty) {
        position += 1
      }
      let argument = signature.arguments[position]
      if argument.kind == .commandLine {
        takeCommand(word, words, handedOn, &call, &mistakes)
        break
      }
      do throws(Failure) {
        call.add(argument: argument.name, try given(word, argument.kind, named: argument.name))
      } catch {
        mistakes.append(error)
        call.add(
          argument: argument.name,
          ArgumentValue(value: nil, span: word.span, source: source)
        )
      }
      if !argument.isRepeated { position += 1 }
    }
    if let missing = missingArgument(of: signature, in: call) { mistakes.append(missing) }
    if let two = twoFormats(in: call) { mistakes.append(two) }
  }

  /// The command inside this one; its mistakes are found at once, what it expands is not known yet.
  private func takeCommand(
    _ word: Word,
    _ words: ArraySlice<Word>,
    _ handedOn: [Word],
    _ call: inout Call,
    _ mistakes: inout [Failure]
  ) {
    let name = call.signature.arguments.last?.name ?? ""
    call.add(
      argument: name,
      ArgumentValue(value: word.plain.map(Value.text), span: word.span, source: source)
    )
    guard let plain = word.plain else {
      mistakes.append(usage("write the name of a command without quotes and variables", word.span))
      return
    }
    let end = words.last?.span.upper ?? word.span.upper
    let inner = SimpleCommand(
      name: Located(value: plain, span: word.span),
      words: handedOn.filter { $0.optionName?.value != "--help" } + words,
      span: SourceSpan(lower: word.span.lower, upper: end)
    )
    call.inner = inner
    var checking = checking
    checking.outer = call.signature
    guard let bound = checking.bind(inner, &mistakes) else { return }
    if bound.signature.takesCommand {
      mistakes.append(
        usage("'\(call.signature.name)' cannot run '\(bound.signature.name)'", word.span)
      )
    }
  }

  /// The same binder, for words that are not expanded yet.
  private var checking: Binder {
    Binder(
      registry: registry,
      source: source,
      expand: { (_, _) throws(Failure) in nil },
      allowsAbbreviations: allowsAbbreviations,
      isRestricted: isRestricted,
      definitions: definitions
    )
  }

  /// The words that are expanded when a command runs: those of a command inside it are when that
  /// one does, each time.
  func ownWords(of simple: SimpleCommand) -> [Word] {
    var ignored: [Failure] = []
    guard let (signature, _, _) = try? resolve(simple), signature.takesCommand,
      let inner = checking.bind(simple, &ignored)?.inner
    else { return simple.words }  // mistakes are found when it is bound
    return simple.words.filter { $0.span.upper <= inner.span.lower }
  }

  private func takeOption(
    _ word: Word,
    _ rest: inout ArraySlice<Word>,
    _ call: inout Call,
    _ signature: Signature
  ) throws(Failure) {
    guard let written = word.writtenOption else {
      throw usage("unexpected argument", word.span)
    }
    let name = written.name
    guard let option = option(name.value, in: signature) else {
      let find = {
        let names = signature.allOptions.map { "--" + $0.name }
        return Suggestion.closest(to: name.value, among: names, avoiding: Self.dangerous)
      }
      let near =
        suggestions.map { $0.found("\(signature.name) \(name.value)", find) } ?? find()
      throw usage(
        "'\(signature.name)' has no option '\(name.value)'",
        name.span,
        help: outerOption(name.value) ?? Self.apart(name.value, signature) ?? near.map {
          "did you mean '\($0)'?"
        }
          ?? Self.help(for: signature)
      )
    }
    if isRestricted, option.effect != nil {
      throw Failure.restricted("'--\(option.name)'", at: name.span, source)
    }
    if !option.isRepeated, let before = call.option(option.name), before.span != name.span {
      throw usage("'--\(option.name)' is given twice", name.span)
    }
    if option.kind == .flag {
      if let value = written.value {
        throw usage("'--\(option.name)' does not take a value", value.span)
      }
      call.add(
        option: option.name,
        ArgumentValue(value: .data(true), span: name.span, source: source)
      )
      return
    }
    let value: Word
    if let attached = written.value {
      value = attached
    } else if let next = rest.first,
      !next.isOptionLike || Self.isNegativeNumber(next)
        || next.plain == "-"
    {
      value = next
      rest = rest.dropFirst()
    } else {
      let placeholder = option.placeholder.isEmpty ? "a value" : option.placeholder
      throw usage(
        "'--\(option.name)' needs \(placeholder)",
        name.span,
        help: rest.first.map { _ in "write a value that starts with '-' as --\(option.name)=-…" }
      )
    }
    call.add(option: option.name, try given(value, option.kind, named: "--" + option.name))
  }

  /// What a mistyped option is never taken for, and Tab never begins.
  static let dangerous: Set<String> = ["--force", "--yes", "--cascade", "--prune"]

  private func option(_ written: String, in signature: Signature) -> Signature.Option? {
    if written.hasPrefix("--") {
      return signature.allOptions.first { "--" + $0.name == written }
    }
    guard written.count == 2, let letter = written.last else { return nil }
    return signature.allOptions.first { $0.short == letter }
  }

  private func given(
    _ word: Word,
    _ kind: ValueKind,
    named name: String
  ) throws(Failure) -> ArgumentValue {
    var given = ArgumentValue(value: nil, span: word.span, source: source)
    if let part = CommandReference.misplacedPart(in: word, as: kind) {
      throw CommandReference.misplaced(part, in: source)
    }
    if isRestricted, SecretWord.isCommand(word, as: kind) {
      throw Failure.restricted(WayOut.secretCommand.rawValue, at: word.span, source)
    }
    if kind == .condition {
      do throws(SyntaxMistake) {
        given.condition = try RowCondition.parse(word)
      } catch {
        throw .invalid(
          "\(name): \(error.message)",
          at: ArgumentValue(value: nil, span: error.span, source: source),
          help: error.help
        )
      }
    }
    if let literal = word.literal {
      given.value = .text(literal)
    } else if let expanded = try expand(word, kind) {
      let value = expanded.value
      given.value = value
      given.pieces = expanded.pieces
      given.parts = expanded.parts
      if expanded.holdsSecret, kind != .anything, kind != .selector {
        throw Failure.usage(
          "\(value.kindName) contains a secret; a secret can be used only where one is expected",
          at: given,
          help: "name the one value, as in ${row.name}"
        )
      }
      if kind.takesSecret {
        given.value = try SecretWord.checked(value, of: word, as: kind, named: name, at: given)
      }
      if kind.isPair { try SecretWord.takeApart(&given, word, as: kind, named: name) }
    }
    if case .secret = given.value, !kind.takesSecret, kind != .anything {
      throw Failure.usage(
        "'\(name)' would show a secret; a secret can be used only where one is expected",
        at: given
      )
    }
    if kind == .topic { try checkTopic(given) }
    if given.value != nil {
      try ValueCheck(kind: kind, name: name, serverPlugins: serverPlugins).check(given)
    }
    return given
  }

  private static func isNegativeNumber(_ word: Word) -> Bool {
    guard let text = word.plain, text.hasPrefix("-"), text.count > 1 else { return false }
    return text.dropFirst().allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
  }
}
