import DevLakeKit
import ShellLanguage

/// Checks a value against its kind, as far as that is possible without asking anyone.
struct ValueCheck {
  let kind: ValueKind
  let name: String
  /// The plugins the server is known to have.
  var serverPlugins: [String] = []

  func check(_ given: ArgumentValue) throws(Failure) {
    let text = given.text
    switch kind {
    case .text, .anything, .flag, .secret, .file, .command, .commandLine, .variable, .condition,
      .topic, .instance, .instancePattern, .key:
      break
    // The command knows the plugin, and looks.
    case .pluginChoice: break
    case .selector: try selector(text, given)
    case .plugin: try plugin(text, given)
    case .id:
      guard ConnectionKey.id(text) != nil else {
        throw .invalid(
          "'\(text)' is not a connection ID",
          at: given,
          help: "an ID is a whole number from 1; 'list' shows them"
        )
      }
    case .integer(let range):
      guard let number = Int(text), range.contains(number) else {
        throw .invalid(
          "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound), "
            + "not '\(text)'",
          at: given
        )
      }
    case .seconds:
      guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
        throw .invalid("'\(name)' must be a number of seconds above 0, not '\(text)'", at: given)
      }
    case .pause:
      guard let seconds = Double(text), seconds >= 0, seconds <= 86_400 else {
        throw .invalid("'\(name)' must be a number of seconds, 0 or more, not '\(text)'", at: given)
      }
    case .interval:
      guard let seconds = Double(text), seconds >= 0.1, seconds <= 86_400 else {
        throw .invalid("'\(name)' must be at least 0.1 seconds, not '\(text)'", at: given)
      }
    case .day:
      guard CalendarDay(written: text) != nil else {
        throw .invalid(
          "'\(name)' must be a date, not '\(text)'",
          at: given,
          help: "write it like 2027-01-31"
        )
      }
    case .age:
      guard Self.days(text) != nil else {
        throw .invalid(
          "'\(name)' must be an age in days, not '\(text)'",
          at: given,
          help: "write it like 90d or 12w"
        )
      }
    case .time: _ = try given.moment(now: 0)
    case .choice(let words):
      guard words.contains(text) else {
        throw .invalid(
          "'\(text)' is not a value of '\(name)'",
          at: given,
          help: Suggestion.closest(to: text, among: words).map { "did you mean '\($0)'?" }
            ?? (words == Settings.entries.map(\.name)
              ? "set a variable with: let \(text) = …" : nil)
            ?? "the values are \(words.joined(separator: ", "))"
        )
      }
    case .address where NamedInstances.isName(text): break
    case .url, .address:
      _ = try given.url()
    case .method:
      guard ValueKind.methods.contains(text.uppercased()) else {
        let near = Suggestion.closest(to: text.uppercased(), among: ValueKind.methods)
        throw .invalid(
          "'\(text)' is not an HTTP method",
          at: given,
          help: near.map { "did you mean '\($0)'?" }
            ?? "it is \(ValueKind.methods.joined(separator: ", ")), then a path such as /version"
        )
      }
    case .route:
      do throws(Route.Mistake) {
        _ = try Route(text)
      } catch {
        throw .invalid(
          "'\(ServerText.withoutCredentials(text))': \(error.reason)",
          at: given,
          help: error.help
        )
      }
    case .body: try body(text, given)
    case .field where given.fieldName != nil, .namedSecret where given.fieldName != nil: break
    case .numberedSecret:
      guard TokenNumber.read(given) != nil else {
        throw .invalid(
          "'\(name)' must be N=REF with a token's number from 1 to 100",
          at: given,
          help: "'test' shows the numbers of the tokens"
        )
      }
    case .field, .namedSecret:
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw .invalid("'\(name)' must be NAME=VALUE", at: given)
      }
    }
  }

  /// `90`, `90d` or `12w` in days.
  static func days(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number < 100_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "", "d": return number
    case "w": return number * 7
    default: return nil
    }
  }

  private func body(_ text: String, _ given: ArgumentValue) throws(Failure) {
    guard case .data(.string)? = given.value, text != "-", !text.hasPrefix("@") else { return }
    do throws(JSONError) {
      _ = try JSONValue(parsing: Array(text.utf8))
    } catch {
      throw Self.noJSON(text, error, "BODY", at: given)
    }
  }

  /// That a text is not JSON, and where it stops being so.
  static func noJSON(
    _ text: String,
    _ error: JSONError,
    _ name: String,
    at given: ArgumentValue
  ) -> Failure {
    .invalid(
      text.isEmpty ? "\(name) is empty" : "\(name) is not JSON (at byte \(error.offset + 1))",
      at: given,
      help: "write it like '{\"name\":\"value\"}', or use @FILE"
    )
    // What cannot be read has no names that tell what in it is secret.
    .hiding(given)
  }

  /// What the shape of a selector tells; what there is, only the server knows.
  private func selector(_ text: String, _ given: ArgumentValue) throws(Failure) {
    guard case .data(.string)? = given.value else { return }
    var rest = text
    if let slash = text.firstIndex(of: "/"), !Selector.isName(text) {
      let prefix = String(text[..<slash])
      let registry = PluginRegistry.standard
      if registry[prefix] != nil || serverPlugins.contains(prefix) {
        rest = String(text[text.index(after: slash)...])
      } else if Selector.mayBePlugin(prefix),
        let near = Suggestion.closest(to: prefix, among: registry.names + serverPlugins)
      {
        throw .unknownPlugin(prefix, at: given, near: near)
      }
    }
    do throws(SelectorMistake) {
      _ = try Selector(rest)
    } catch {
      throw .invalid(error.reason, at: given, help: error.help)
    }
  }

  /// A word that is surely a mistyped plugin is a mistake before anything is asked; any other
  /// unknown one is left to the server, which may have plugins the catalog lacks.
  private func plugin(_ text: String, _ given: ArgumentValue) throws(Failure) {
    let registry = PluginRegistry.standard
    guard registry[text] == nil, !serverPlugins.contains(text) else { return }
    let near = Suggestion.closest(to: text, among: registry.names + serverPlugins)
    let isWord =
      !text.isEmpty
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
      }
    if let near, isWord { throw .unknownPlugin(text, at: given, near: near) }
    if !isWord {
      throw .invalid(
        "no plugin named '\(text)'",
        at: given,
        help: near.map { "did you mean '\($0)'?" } ?? "'plugins' lists them"
      )
    }
  }
}

extension Failure {
  /// A word near a plugin of the catalog, which may be one of the server's.
  static func unknownPlugin(_ word: String, at given: ArgumentValue, near: String) -> Failure {
    var failure = Failure.invalid(
      "no plugin named '\(word)'",
      at: given,
      help: "did you mean '\(near)'?"
    )
    failure.diagnostic.unknownPlugin = word
    return failure
  }
}

extension ArgumentValue {
  /// The address it is.
  func url() throws(Failure) -> ServerURL {
    do throws(ServerURLMistake) {
      return try ServerURL(typed: text)
    } catch {
      throw .invalid(error.description, at: self, help: "write it like http://localhost:8080")
    }
  }
}
