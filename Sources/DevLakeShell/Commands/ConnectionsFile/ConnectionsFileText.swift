import DevLakeKit
import ShellLanguage

/// The text of a connections file, and where its places are in it.
struct ConnectionsFileText {
  /// The text, under the name it was given by.
  let source: SourceText
  /// The folder paths in it start from.
  let folder: String

  private let lines: LineTable

  /// Reads what the argument FILE names; `-` is standard input.
  init(_ given: ArgumentValue, in session: Session) async throws(Failure) {
    let name = given.text
    let (text, folder): (String, String)
    if name == "-" {
      guard let read = session.world.readStandardInput else {
        throw .usage(
          "standard input contains the commands, so '-' cannot be read",
          at: given,
          help: "name a file"
        )
      }
      do throws(SecretReferenceError) {
        text = String(decoding: try await read(true) ?? [], as: UTF8.self)
      } catch {
        throw .invalid(error.description, at: given)
      }
      folder = session.world.workingDirectory
    } else {
      let path = session.secretSources().path(name)
      do throws(Failure) {
        text = try ScriptFile.read(path, shownAs: name)
      } catch {
        throw .invalid(error.diagnostic.message, at: given)
      }
      folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? session.world.workingDirectory
    }
    self.init(SourceText(name: name == "-" ? "<stdin>" : name, text: text), folder: folder)
  }

  init(_ source: SourceText, folder: String) {
    // Places are counted without the mark.
    let text = String(source.text.unicodeScalars.drop { $0 == "\u{FEFF}" })
    self.source = SourceText(name: source.name, text: text)
    self.folder = folder
    lines = LineTable(self.source)
  }

  /// The word at a place.
  func span(of place: TextPlace) -> SourceSpan {
    let (lower, end, isFlow) = start(of: place)
    let word = Self.word(lines.slice(lower..<end), isFlow: isFlow)
    return SourceSpan(lower: lower, upper: lower + word.utf8.count)
  }

  /// What may be a secret at a place: a word between others, or all to the end of the line.
  func secretSpan(at place: TextPlace) -> SourceSpan {
    let (lower, end, isFlow) = start(of: place)
    return isFlow ? span(of: place) : SourceSpan(lower: lower, upper: end)
  }

  /// What follows the first colon of a line, or all of it: where a text cannot be read, nobody knows
  /// what in it is secret.
  func unread(inLine line: Int) -> SourceSpan {
    let (lower, end, _) = start(of: TextPlace(line: line, column: 1))
    let whole = SourceSpan(lower: lower, upper: end)
    let text = lines.slice(whole.lower..<whole.upper)
    guard let colon = text.firstIndex(of: ":") else { return whole }
    return SourceSpan(
      lower: whole.lower + text.utf8.distance(from: text.startIndex, to: colon) + 1,
      upper: whole.upper
    )
  }

  /// The byte of a place, the end of its line, and whether brackets were opened before it.
  private func start(of place: TextPlace) -> (lower: Int, end: Int, isFlow: Bool) {
    let line = min(max(1, place.line), lines.lineCount)
    let bytes = lines.bytes(ofLine: line - 1)
    let scalars = lines.slice(bytes).unicodeScalars
    let before = scalars.prefix(max(0, place.column - 1))
    let lower = bytes.lowerBound + before.reduce(0) { $0 + UTF8.width($1) }
    let isFlow = before.contains { $0 == "{" || $0 == "[" }
    return (min(lower, bytes.upperBound), bytes.upperBound, isFlow)
  }

  private static func word(_ rest: Substring, isFlow: Bool) -> Substring {
    if let quote = rest.first, quote == "\"" || quote == "'" { return quoted(rest, by: quote) }
    var word = rest
    if isFlow { word = word.prefix { !",[]{}".contains($0) } }
    for end in [": ", " #"] {
      if let found = word.ranges(of: end).first { word = word[..<found.lowerBound] }
    }
    while let last = word.last, " :,".contains(last) { word = word.dropLast() }
    return word
  }

  /// To the closing quote; one that is doubled or has a backslash before it closes nothing.
  private static func quoted(_ rest: Substring, by quote: Character) -> Substring {
    var index = rest.index(after: rest.startIndex)
    while index < rest.endIndex {
      let next = rest.index(after: index)
      let isEscape = quote == "\"" ? rest[index] == "\\" : rest[index...].hasPrefix("''")
      if isEscape, next < rest.endIndex {
        index = rest.index(after: next)
      } else if rest[index] == quote {
        return rest[...index]
      } else {
        index = next
      }
    }
    return rest
  }
}

extension ConnectionsFileText {
  /// The file, and everything that is wrong or unwise in it.
  ///
  /// A word near a plugin of the catalog is a mistake only where the server has no such plugin.
  func parsed(
    in session: Session
  ) async throws(Failure) -> (file: ConnectionsFile, mistakes: [Diagnostic]) {
    let file = try file()
    var known = session.inventory.serverPlugins ?? []
    let mistakes = diagnostics(file.mistakes, file, serverPlugins: known)
    guard known.isEmpty, mistakes.areAllUnknownPlugins else {
      return (file, mistakes)
    }
    known = await session.pluginsOfServer() ?? []
    return (file, diagnostics(file.mistakes, file, serverPlugins: known))
  }

  /// The same where no DevLake is asked: the names of plugins are those of the catalog.
  func parsed() throws(Failure) -> (file: ConnectionsFile, mistakes: [Diagnostic]) {
    let file = try file()
    return (file, diagnostics(file.mistakes, file))
  }

  /// Reads the file.
  private func file() throws(Failure) -> ConnectionsFile {
    do throws(YAMLMistake) {
      return try ConnectionsFile(parsing: source.text)
    } catch {
      let place = TextPlace(line: max(1, error.line), column: max(1, error.column))
      throw Failure(
        Diagnostic(
          code: .invalid,
          message: error.reason,
          span: span(of: place),
          source: source,
          help: "the file is YAML, or JSON",
          hidden: [unread(inLine: place.line)]
        ),
        exitCode: .usage
      )
    }
  }

  /// A mistake as it is shown; `nil` where only DevLake can tell that it is one.
  private func diagnostic(
    _ mistake: ConnectionsFileMistake,
    _ serverPlugins: [String]
  ) -> Diagnostic? {
    var diagnostic = Diagnostic(
      mistake.weight == .warning ? .warning : .error,
      code: .invalid,
      message: mistake.message,
      span: span(of: mistake.place),
      source: source,
      help: mistake.help
    )
    guard let unknown = mistake.unknown else { return diagnostic }
    if unknown.isPlugin, serverPlugins.contains(unknown.word) { return nil }
    let known = unknown.known + (unknown.isPlugin ? serverPlugins : [])
    if let near = Suggestion.closest(to: unknown.word, among: known) {
      if unknown.isPlugin { diagnostic.unknownPlugin = unknown.word }
      diagnostic.help = "did you mean '\(near)'?"
    } else if mistake.weight == .errorIfMistyped {
      // What it is called is all there is to say; the rest of the help would be wrong for an error.
      guard mistake.help != nil else { return nil }
      diagnostic.severity = .warning
    }
    return diagnostic
  }

  /// Mistakes as they are shown.
  func diagnostics(
    _ problems: [ConnectionsFileMistake],
    _ file: ConnectionsFile,
    serverPlugins: [String] = []
  ) -> [Diagnostic] {
    problems.compactMap { problem in
      var diagnostic = diagnostic(problem, serverPlugins)
      diagnostic?.hidden = file.secretPlaces.map(secretSpan)
      return diagnostic
    }
  }
}

extension Session {
  /// Says all of several mistakes in the order of their places; the last error is what the command
  /// fails with.
  ///
  /// - Returns: `nil` when there were warnings at most.
  func failure(_ mistakes: [Diagnostic]) -> Failure? {
    var sorted = mistakes.sorted { ($0.span?.lower ?? 0) < ($1.span?.lower ?? 0) }
    let last = sorted.lastIndex { $0.severity == .error }.map { sorted.remove(at: $0) }
    for mistake in sorted { conversation.report(mistake) }
    return last.map { last in
      var failure = Failure(last, exitCode: .usage)
      failure.isOneOfSeveral = sorted.contains { $0.severity == .error }
      return failure
    }
  }
}
