import DevLakeKit

/// The headers that a file lists for `--field NAME=@FILE`: JSON or YAML, `[{key, value}]`, each value
/// a reference to a secret or the secret itself.
struct HeadersFile {
  /// The headers in the file's order.
  private(set) var headers: [GivenFields.Header] = []

  private let name: String
  private let given: ArgumentValue

  /// Reads the file; no reference in it is followed, and no value of it gets into a message.
  init(
    _ name: String,
    for field: PluginField,
    _ given: ArgumentValue,
    in session: Session
  ) throws(Failure) {
    self.name = name
    self.given = given
    let path = session.secretSources().path(name)
    let text: String
    do throws(Failure) {
      text = try ScriptFile.read(path, shownAs: name)
    } catch {
      throw .invalid(error.diagnostic.message, at: given)
    }
    let whole: PlacedValue
    do throws(YAMLMistake) {
      whole = try YAML.parsePlaced(text)
    } catch {
      throw mistake(
        "neither JSON nor YAML: \(error.reason)",
        TextPlace(line: error.line, column: 1)
      )
    }
    guard let elements = whole.elements else { throw shapeMistake(field, whole.place) }
    for element in elements { try read(element, field) }
    if headers.contains(where: \.reference.isSpelledOut), ScriptFile.isReadableByOthers(path) {
      session.warnOnce(SecretWarning.readableByOthers(path: name).description)
    }
  }

  private mutating func read(_ element: PlacedValue, _ field: PluginField) throws(Failure) {
    guard let members = element.members, members.count == 2,
      let header = members.first(where: { $0.key == "key" })?.value.scalar?.string,
      let value = members.first(where: { $0.key == "value" })?.value,
      !header.allSatisfy(\.isWhitespace)
    else { throw shapeMistake(field, element.place) }
    let shown = ServerText.line(header)
    guard let text = value.scalar?.text(orNumber: true) else {
      throw mistake("the value of '\(shown)' must be a reference to a secret", value.place)
    }
    guard !headers.contains(where: { $0.name.lowercased() == header.lowercased() }) else {
      throw mistake("the header '\(shown)' stands there twice", element.place)
    }
    let reference: SecretReference
    do throws(SecretReferenceError) {
      reference = try SecretReference(text)
    } catch {
      throw mistake("the header '\(shown)': \(error.description)", value.place)
    }
    headers.append(
      .init(
        name: header,
        flag: "the header '\(shown)' of '\(name)'",
        reference: reference,
        given: given
      )
    )
  }

  private func shapeMistake(_ field: PluginField, _ place: TextPlace) -> Failure {
    mistake(
      "'\(field.name)' takes a list of headers, each with 'key' and 'value'",
      place,
      help: "write '- key: NAME' and below it 'value: env:NAME'"
    )
  }

  private func mistake(_ message: String, _ place: TextPlace, help: String? = nil) -> Failure {
    .invalid("\(name):\(place.line): \(message)", at: given, help: help)
  }
}

extension JSONValue {
  /// A text, or a number as it is spelled; `nil` for anything else.
  fileprivate func text(orNumber: Bool) -> String? {
    switch self {
    case .string(let text), .number(let text): text
    default: nil
    }
  }
}
