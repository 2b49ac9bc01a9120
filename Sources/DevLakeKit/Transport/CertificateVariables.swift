#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The certificates `SSL_CERT_FILE` and `SSL_CERT_DIR` name, read as curl, Go and Python read them.
///
/// `SSL_CERT_FILE` takes the place of the system's file, `SSL_CERT_DIR` (folders, parted by colons)
/// that of the system's folders; what only one of them names leaves the other as it is.
package struct CertificateVariables: Sendable, Equatable {
  /// The file instead of the system's; `nil`: the system's.
  package private(set) var file: String?
  /// The folders instead of the system's; `nil`: the system's.
  package private(set) var folders: [String]?
  /// What cannot be used of them; a line each.
  package private(set) var problems: [String] = []

  /// Nothing is named.
  package init() {}

  /// Reads the variables of a process; paths are below `folder` unless they are absolute.
  package init(environment: [String: String], folder: String) {
    func full(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }
    if let path = environment["SSL_CERT_FILE"], !path.isEmpty {
      do throws(CertificateFileError) {
        try AsyncHTTPTransport.checkCertificates(inFileAt: full(path))
      } catch {
        problems.append("$SSL_CERT_FILE: \(error.description)")
      }
      file = full(path)
    }
    if let paths = environment["SSL_CERT_DIR"], !paths.isEmpty {
      folders = paths.split(separator: ":").map { full(String($0)) }
      for path in folders ?? [] where opendir(path).map({ closedir($0) }) == nil {
        problems.append("$SSL_CERT_DIR: no folder '\(path)'")
      }
    }
  }

  /// The regular files of a folder, in order; none where it cannot be read.
  static func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      let path = folder + "/" + name
      guard !name.hasPrefix("."), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG
      else { continue }
      names.append(path)
    }
    return names.sorted()
  }
}
