import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The person's editor, `$VISUAL` or `$EDITOR`, on a file that nobody else can read.
///
/// The file is alone in a folder of its own, mode 0700, which is removed with all the editor has
/// left in it.
struct TextEditor {
  /// The variables it gets.
  let environment: [String: String]

  /// Why a text could not be edited.
  struct Problem: Error, Equatable {
    var message: String
    var help: String?
  }

  /// Lets the person change `text`; `use` gets the result while the file is there.
  ///
  /// - Parameters:
  ///   - name: The file's name, by whose ending an editor knows what it is.
  ///   - conversation: Whose terminal it is.
  func edit<Answer>(
    _ text: String,
    name: String,
    isolation: isolated (any Actor)? = #isolation,
    lending conversation: any Conversation,
    use: (_ text: String, _ path: String) async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let folder: String
    let path: String
    let edited: String
    do throws(Problem) {
      folder = try Self.makeFolder(in: environment["TMPDIR"])
      path = folder + "/" + name
    } catch {
      throw error.failure
    }
    defer { Self.remove(folder) }
    do throws(Problem) {
      edited = try await conversation.lendTerminal { () throws(Problem) in
        try change(text, at: path)
      }
    } catch {
      throw error.failure
    }
    return try await use(edited, path)
  }

  /// The same for a text whose file nobody needs.
  func edit(_ text: String, name: String) throws(Problem) -> String {
    let folder = try Self.makeFolder(in: environment["TMPDIR"])
    defer { Self.remove(folder) }
    return try change(text, at: folder + "/" + name)
  }

  private var program: String {
    let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }
    return named.first { !$0.allSatisfy(\.isWhitespace) } ?? "vi"
  }

  private func change(_ text: String, at path: String) throws(Problem) -> String {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.problem(with: path) }
    let bytes = Array((text.hasSuffix("\n") || text.isEmpty ? text : text + "\n").utf8)
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    guard written == bytes.count else { throw Self.problem(with: path) }
    // The path is made of characters that sh leaves alone, but for those of $TMPDIR.
    let quoted = "'" + path.replacing("'", with: #"'\''"#) + "'"
    switch LentCommand(command: "\(program) \(quoted)", environment: environment).run() {
    case .exit(0): break
    case .unavailable:
      throw Problem(message: "an editor needs a terminal, for its input and its output")
    case .exit(127), .exit(126):
      throw Problem(
        message: "the editor '\(program)' could not be started",
        help: "set $EDITOR to one that is there"
      )
    case .exit, .signal:
      throw Problem(message: "the editor ended with a failure; nothing was taken from it")
    }
    guard let result = Self.read(path) else { throw Self.problem(with: path) }
    return result
  }

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = readSome(descriptor, into: &chunk)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count < 0 { return nil }
      bytes += chunk[..<count]
    }
  }

  private static func makeFolder(in parent: String?) throws(Problem) -> String {
    let parent = parent.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var template = Array("\(parent)/lake-XXXXXX".utf8CString)
    // Mode 0700, and a name that nobody can take first.
    let isMade = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) } != nil
    }
    guard isMade else {
      throw problem(with: parent)
    }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Removes the folder with what editors leave beside a file: backups, swap files, folders of them.
  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      var names: [String] = []
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(path + "/" + name) }
      }
      closedir(directory)
      for name in names where unlink(name) != 0 { remove(name) }
    }
    _ = rmdir(path)
  }

  private static func problem(with path: String) -> Problem {
    Problem(message: "cannot write '\(path)': \(String(cString: strerror(errno)).lowercased())")
  }
}

extension TextEditor.Problem {
  var failure: Failure {
    Failure(Diagnostic(code: .refused, message: message, help: help), exitCode: .failure)
  }
}
