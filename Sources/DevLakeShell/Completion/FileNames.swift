#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The names of files that begin as a word does.
enum FileNames {
  /// Completions of `written`, folders with a final slash; hidden files only when asked for.
  ///
  /// - Parameter home: What `~` stands for; it stays as it is written.
  static func completions(
    of written: String,
    in folder: String,
    home: String? = nil
  ) -> [String] {
    if written == "~" { return ["~/"] }
    let slash = written.lastIndex(of: "/").map { written.index(after: $0) } ?? written.startIndex
    let parent = String(written[..<slash])
    let beginning = written[slash...]
    let path: String
    if parent.hasPrefix("~/"), let home {
      path = home + parent.dropFirst()
    } else {
      path = parent.hasPrefix("/") ? parent : folder + "/" + parent
    }
    guard let directory = opendir(path.isEmpty ? "." : path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != "..", name.hasPrefix(beginning),
        !name.hasPrefix(".") || beginning.hasPrefix(".")
      else { continue }
      let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
      names.append(parent + name + (isFolder ? "/" : ""))
    }
    return names.sorted()
  }
}
