import DevLakeKit
import Foundation
import Testing

@Suite struct SecretReferenceTests {
  private let folder: ScratchFolder
  private var sources: SecretSources

  init() throws {
    folder = try ScratchFolder()
    sources = SecretSources(
      environment: ["PAT": "ghp_env", "EMPTY": "", "HOME": folder.path, "LINES": "a\nb"],
      workingDirectory: folder.path
    )
  }

  private func resolve(
    _ text: String,
    _ sources: SecretSources? = nil,
    lines: Bool = false
  ) async throws(SecretReferenceError) -> String {
    let reference = try SecretReference(text)
    let found = try await reference.resolve(in: sources ?? self.sources, allowsMultipleLines: lines)
    return found.secret.reveal { $0 }
  }

  @Test(arguments: [
    ("env:PAT", "ghp_env"), ("ghp_bare", "ghp_bare"), ("text:env:PAT", "env:PAT"),
    ("cmd:printf 'ghp_cmd\\n'", "ghp_cmd"), ("cmd:echo \"$PAT\"", "ghp_env"),
    ("cmd:pwd | grep -o devlake-kit", "devlake-kit"),
    ("cmd:cat; echo read-nothing", "read-nothing"),
    ("file:token", "ghp_file"), ("file:~/token", "ghp_file"), ("file:crlf", "ghp_crlf"),
    ("https://hook/env:x", "https://hook/env:x"),
  ])
  func `gives the secret of its place`(text: String, expected: String) async throws {
    try folder.write("token", "ghp_file\n")
    try folder.write("crlf", "ghp_crlf\r\n")
    #expect(try await resolve(text) == expected)
  }

  @Test(arguments: [
    ("env:", "nothing after 'env:'; write env:NAME"),
    ("cmd: ", "nothing after 'cmd:'; write cmd:COMMAND"),
    ("", "the secret is empty; put the secret there"),
    ("env:NONE", "environment variable 'NONE' is not set; set and export it"),
    ("env:EMPTY", "environment variable 'EMPTY' is empty; put the secret there"),
    ("env:LINES", "environment variable 'LINES' contains a line break; a secret here is one line"),
    (" ghp", "the secret starts or ends with a space; remove it"),
    ("text:ghp\u{0}x", "the secret contains a control character; copy the secret again"),
    ("file:blank", "the file 'blank' is empty; put the secret there"),
    ("file:pem", "the file 'pem' contains a line break; a secret here is one line"),
    ("file:latin", "the file 'latin' is not UTF-8 text"),
    ("file:big", "the file 'big' is longer than 64 KiB, too long for a secret"),
    ("cmd:true", "the output of cmd: is empty; put the secret there"),
    (
      "cmd:printf 'a\\nb\\n'", "the output of cmd: contains a line break; a secret here is one line"
    ),
    ("cmd:yes", "the command of cmd: is longer than 64 KiB, too long for a secret"),
    (
      "cmd:echo hunter2; exit 3",
      "the command of cmd: exited with status 3; run it separately to see why"
    ),
    ("cmd:kill -9 $$", "the command of cmd: was killed by signal 9; run it separately to see why"),
    ("-", "standard input contains the commands, so '-' cannot be read; use env:NAME or file:PATH"),
    ("prompt", "there is no terminal to ask on; use env:NAME, file:PATH or cmd:COMMAND"),
  ])
  func `says in one line what to do`(text: String, expected: String) async throws {
    try folder.write("blank", "\n")
    try folder.write("pem", "BEGIN\nEND\n")
    try folder.write("latin", bytes: [0x66, 0xFC])
    try folder.write("big", String(repeating: "x", count: 65_537))
    let error = await #expect(throws: SecretReferenceError.self) { try await resolve(text) }
    #expect(error?.description == expected)
  }

  @Test func `refuses what is not a file`() async throws {
    let missing = await #expect(throws: SecretReferenceError.self) {
      try await resolve("file:none")
    }
    #expect(missing == .file(.missing(path: folder.path("none"))))
    let directory = await #expect(throws: SecretReferenceError.self) {
      try await resolve("file:\(folder.path)")
    }
    #expect(directory == .file(.notAFile(path: folder.path, kind: "a directory")))
  }

  @Test(arguments: ["file:key.pem", "cmd:cat key.pem", "-"])
  func `keeps the lines of a PEM field`(text: String) async throws {
    let key = "-----BEGIN-----\nabc\n-----END-----"
    try folder.write("key.pem", key + "\n")
    var sources = sources
    sources.readStandardInput = { whole throws(SecretReferenceError) in
      Array((whole ? key + "\n" : "-----BEGIN-----").utf8)
    }
    #expect(try await resolve(text, sources, lines: true) == key)
  }

  @Test func `reads a line of standard input and asks with the question`() async throws {
    var sources = sources
    sources.readStandardInput = { whole throws(SecretReferenceError) in
      whole ? nil : Array("ghp_in\n".utf8)
    }
    sources.ask = { question throws(SecretReferenceError) in Secret("answer to \(question.count)") }
    #expect(try await resolve("-", sources) == "ghp_in")
    let asked = try await SecretReference("prompt").resolve(in: sources, question: "Token: ")
    #expect(asked.secret.reveal { $0 } == "answer to 7")
  }

  @Test(arguments: [(0o600, false), (0o640, true), (0o604, true)])
  func `warns of a file others can read`(mode: Int, warns: Bool) async throws {
    let path = try folder.write("token", "ghp_file", mode: mode)
    let found = try await SecretReference("file:token").resolve(in: sources)
    #expect(found.warnings == (warns ? [.readableByOthers(path: path)] : []))
  }

  @Test func `refuses commands in a restricted shell`() async throws {
    var sources = sources
    sources.isRestricted = true
    await #expect(throws: SecretReferenceError.commandRestricted) {
      try await resolve("cmd:touch was-here; echo x", sources)
    }
    #expect(try folder.names.isEmpty)
    #expect(try await resolve("env:PAT", sources) == "ghp_env")
  }

  @Test func `reads a pipe to its end`() async throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("ghp_pipe\n".utf8))
    try pipe.fileHandleForWriting.close()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try await resolve("file:\(path)") == "ghp_pipe")
  }

  @Test(arguments: ["hunter2", "text:hunter2", "cmd:echo hunter2"])
  func `shows nothing secret of itself`(text: String) throws {
    let reference = try SecretReference(text)
    var dumped = ""
    dump(reference, to: &dumped)
    for shown in ["\(reference)", String(reflecting: reference), dumped] {
      #expect(!shown.contains("hunter2"))
    }
    #expect(reference.isSpelledOut == !text.hasPrefix("cmd:"))
  }
}
