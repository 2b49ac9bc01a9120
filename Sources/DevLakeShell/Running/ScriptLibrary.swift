import DevLakeKit
import ShellLanguage

/// The scripts a program includes, each read once: what was checked is what runs.
final class ScriptLibrary {
  struct Entry {
    let source: SourceText
    let parsed: ParseResult
    /// The file itself, whatever the path to it.
    let identity: String
  }

  private var entries: [String: Entry] = [:]

  /// The script of that path if it was read already.
  subscript(path: String) -> Entry? { entries[path] }

  /// Reads and parses a script.
  ///
  /// - Parameter path: As it is shown in messages; counted from `folder`.
  func load(_ path: String, in folder: String) throws(Failure) -> Entry {
    if let entry = entries[path] { return entry }
    let place = path.hasPrefix("/") ? path : folder + "/" + path
    let source = SourceText(name: path, text: try ScriptFile.read(place, shownAs: path))
    let entry = Entry(
      source: source,
      parsed: Parser.parse(source),
      identity: ScriptFile.identity(of: place)
    )
    entries[path] = entry
    return entry
  }

  /// The path of a file named in a script: relative to the script's own folder.
  static func path(_ path: String, from source: SourceText, _ world: World) -> String {
    if path.hasPrefix("~/") { return world.path(path) }
    guard !path.hasPrefix("/"), !source.name.hasPrefix("<"),
      let slash = source.name.lastIndex(of: "/")
    else { return path }
    return String(source.name[...slash]) + path
  }
}
