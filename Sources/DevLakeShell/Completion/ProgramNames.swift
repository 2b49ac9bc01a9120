#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The programs of `$PATH` whose names begin as a word does.
enum ProgramNames {
  static func completions(of written: String, path: String) -> [String] {
    // Thousands of names are no help.
    guard !written.isEmpty else { return [] }
    var names: Set<String> = []
    for folder in path.split(separator: ":") {
      guard let directory = opendir(String(folder)) else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name.hasPrefix(written), access("\(folder)/\(name)", X_OK) == 0 else { continue }
        names.insert(name)
      }
    }
    return names.sorted()
  }
}
