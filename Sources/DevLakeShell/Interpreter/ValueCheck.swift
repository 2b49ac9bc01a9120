import DevLakeKit
import ShellLanguage

/// Checks a value against its kind, as far as that is possible without asking anyone.
struct ValueCheck {
  let kind: ValueKind
  let name: String

  func check(_ given: Given) throws(Failure) {
    let text = given.text
    switch kind {
    case .text, .anything, .flag, .secret, .file, .command, .commandLine, .variable: break
    // The command knows the plugin, and looks.
    case .pluginChoice: break
    case .topic: if !HelpCommand.knows(text) { throw HelpCommand.unknown(given) }
    case .selector: try selector(text, given)
    case .plugin: try plugin(text, given)
    case .id:
      guard ConnectionKey.id(text) != nil else {
        throw .invalid(
          "'\(text)' is no id of a connection",
          at: given,
          help: "an id is a whole number from 1; 'list' shows them"
        )
      }
    case .integer(let range):
      guard let number = Int(text), range.contains(number) else {
        throw .invalid(
          "'\(name)' takes a whole number from \(range.lowerBound) to \(range.upperBound), "
            + "not '\(text)'",
          at: given
        )
      }
    case .seconds:
      guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
        throw .invalid("'\(name)' takes seconds above 0, not '\(text)'", at: given)
      }
    case .interval:
      guard let seconds = Double(text), seconds >= 0.1, seconds <= 86_400 else {
        throw .invalid("'\(name)' takes seconds from 0.1 on, not '\(text)'", at: given)
      }
    case .choice(let words):
      guard words.contains(text) else {
        throw .invalid(
          "'\(name)' takes no '\(text)'",
          at: given,
          help: Suggestion.closest(to: text, among: words).map { "did you mean '\($0)'?" }
            ?? "it takes \(words.joined(separator: ", "))"
        )
      }
    case .address where NamedInstances.isName(text): break
    case .url, .address:
      guard URLText.isUsable(text) else {
        throw .invalid(
          "'\(URLText.shown(text))' is no URL",
          at: given,
          help: "write it like http://localhost:8080"
        )
      }
    case .method:
      guard APIRequest.methods.contains(text.uppercased()) else {
        let near = Suggestion.closest(to: text.uppercased(), among: APIRequest.methods)
        throw .invalid(
          "no HTTP method '\(text)'",
          at: given,
          help: near.map { "did you mean '\($0)'?" }
            ?? "it is \(APIRequest.methods.joined(separator: ", ")), then a path such as /version"
        )
      }
    case .route:
      do throws(Route.Mistake) {
        _ = try Route(text)
      } catch {
        throw .invalid("'\(URLText.shown(text))': \(error.reason)", at: given, help: error.help)
      }
    case .body: try body(text, given)
    case .field where given.fieldName != nil: break
    case .numberedSecret:
      guard TokenNumber.read(given) != nil else {
        throw .invalid(
          "'\(name)' takes N=REF with a token's number from 1 to 100",
          at: given,
          help: "'test' shows the tokens by their numbers"
        )
      }
    case .field:
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw .invalid("'\(name)' takes NAME=VALUE", at: given)
      }
    case .condition:
      _ = try Selection.Condition(given)
    }
  }

  private func body(_ text: String, _ given: Given) throws(Failure) {
    guard case .data(.string)? = given.value, text != "-", !text.hasPrefix("@") else { return }
    do throws(JSONError) {
      _ = try JSONValue(parsing: Array(text.utf8))
    } catch {
      throw Self.noJSON(text, error, "BODY", at: given)
    }
  }

  /// That a text is no JSON, and where it stops being so.
  static func noJSON(
    _ text: String,
    _ error: JSONError,
    _ name: String,
    at given: Given
  ) -> Failure {
    .invalid(
      text.isEmpty ? "\(name) is empty" : "\(name) is no JSON (at byte \(error.offset + 1))",
      at: given,
      help: "write it like '{\"name\":\"value\"}', or give @FILE"
    )
    // What cannot be read has no names that tell what in it is secret.
    .hiding(given)
  }

  /// What the shape of a selector tells; what there is, only the server knows.
  private func selector(_ text: String, _ given: Given) throws(Failure) {
    guard case .data(.string)? = given.value else { return }
    var rest = text
    if let slash = text.firstIndex(of: "/"), !Selector.isName(text) {
      let prefix = String(text[..<slash])
      let registry = PluginRegistry.standard
      if registry[prefix] != nil {
        rest = String(text[text.index(after: slash)...])
      } else if Selector.mayBePlugin(prefix),
        let near = Suggestion.closest(to: prefix, among: registry.names)
      {
        throw .invalid("no plugin named '\(prefix)'", at: given, help: "did you mean '\(near)'?")
      }
    }
    do throws(SelectorMistake) {
      _ = try Selector(rest)
    } catch {
      throw .invalid(error.reason, at: given, help: error.help)
    }
  }

  /// A word that is surely a mistyped plugin is a mistake before anything is asked; any other
  /// unknown one is left to the server, which may have plugins the catalogue lacks.
  private func plugin(_ text: String, _ given: Given) throws(Failure) {
    let registry = PluginRegistry.standard
    guard registry[text] == nil else { return }
    let near = Suggestion.closest(to: text, among: registry.names)
    let isWord =
      !text.isEmpty
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
      }
    if near != nil || !isWord {
      throw .invalid(
        "no plugin named '\(text)'",
        at: given,
        help: near.map { "did you mean '\($0)'?" } ?? "'plugins' lists them"
      )
    }
  }
}

/// What may stand where a URL is wanted.
enum URLText {
  /// `http://…`, `https://…`, or a host with a port, without blanks.
  static func isUsable(_ text: String) -> Bool {
    let url = completed(text)
    guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) })
    else { return false }
    let rest = url.dropFirst(scheme.count)
    guard let first = rest.first, first != "/", first != ":" else { return false }
    return !rest.contains { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x21 } }
  }

  /// `localhost:8080` is meant as `http://localhost:8080`.
  static func completed(_ text: String) -> String {
    guard !text.contains("://"), let colon = text.firstIndex(of: ":"),
      text[text.index(after: colon)...].prefix(while: { $0 != "/" }).allSatisfy(\.isNumber)
    else { return text }
    return "http://" + text
  }

  /// The URL without a user name and password.
  static func shown(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    let scheme = text.ranges(of: "://").first.map { String(text[..<$0.upperBound]) } ?? ""
    return scheme + String(text[text.index(after: at)...])
  }
}
