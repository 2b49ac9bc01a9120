/// The lines of an env file, each with its own bytes, so that the untouched ones stay as they are.
struct EnvFileText: Sendable {
  /// One line with its line break.
  struct Line: Sendable {
    let bytes: ArraySlice<UInt8>
    /// What the line sets; `nil` for comments, blank lines and what is not an assignment.
    let assignment: EnvAssignment?
    /// Whether the line is blank or a comment, which do not keep a file.
    let isFiller: Bool
  }

  /// The byte order mark of UTF-8.
  fileprivate static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let mark: ArraySlice<UInt8>
  private let lines: [Line]

  /// Reads the bytes of a file; `nil` when they are not UTF-8.
  init?(_ bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    mark = bytes.prefix(bytes.starts(with: Self.mark) ? Self.mark.count : 0)
    var lines: [Line] = []
    var rest = bytes.dropFirst(mark.count)
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
      lines.append(Line(rest[..<end]))
      rest = rest[end...]
    }
    self.lines = lines
  }

  private init(mark: ArraySlice<UInt8>, lines: [Line]) {
    self.mark = mark
    self.lines = lines
  }

  /// What the lines set, empty values apart.
  var values: [EnvAssignment] {
    lines.compactMap(\.assignment).filter { !$0.value.isEmpty }
  }

  /// Whether one of `keys` is set, be it to nothing.
  func sets(oneOf keys: Set<String>) -> Bool {
    lines.contains { $0.assignment.map { keys.contains($0.key) } ?? false }
  }

  /// The text without the lines that set one of `keys`.
  func removing(_ keys: Set<String>) -> EnvFileText {
    EnvFileText(
      mark: mark,
      lines: lines.filter { !($0.assignment.map { keys.contains($0.key) } ?? false) }
    )
  }

  /// Whether nothing but comments and blank lines is left.
  var isSpent: Bool { lines.allSatisfy(\.isFiller) }

  /// The text as it is in a file.
  var bytes: [UInt8] { Array(mark) + lines.flatMap(\.bytes) }
}

extension EnvFileText.Line {
  /// Reads one line.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    var content = bytes.trimmed
    // Files that were joined have their marks at the beginning of lines.
    while content.starts(with: EnvFileText.mark) {
      content = content.dropFirst(EnvFileText.mark.count).trimmed
    }
    isFiller = content.isEmpty || content.first == UInt8(ascii: "#")
    assignment = isFiller ? nil : EnvAssignment(content)
  }
}
