import DevLakeKit
import Testing

@Suite struct EnvFileTests {
  private func value(_ text: String, _ key: String = "K") throws -> String? {
    try EnvFile(parsing: Array(text.utf8), path: "e").value(for: key)?.reveal { $0 }
  }

  @Test(arguments: [
    ("K=v", "v"), ("K = v ", "v"), ("  K=v", "v"), ("export K=v", "v"), ("export\tK = v", "v"),
    ("\u{FEFF}K=v", "v"), ("A=1\r\nK=v\r\n", "v"), ("K=a\nK=b", "b"), ("K=a=b==", "a=b=="),
    ("K='v'", "v"), ("K=\"v\"", "v"), ("K='v' # note", "v"), ("K=v # note", "v"),
    ("K=v#1", "v#1"), ("K=#v", "#v"), ("K='v # x'", "v # x"), ("K=\"a\\nb\"", "a\nb"),
    ("K=\"\\\"\\\\\\$\\x\"", "\"\\$\\x"), ("K='a\\nb'", "a\\nb"), ("K=\"a\"b\"", "a\"b"),
    ("K='v", "'v"), ("K=\"v'", "\"v'"), ("K='v'x", "'v'x"), ("# K=x\nK=v", "v"),
    ("exportK=x\nK=v", "v"), ("K=v\nK=", "v"), ("K=\t v\t# note", "v"), ("K=é", "é"),
    ("K=\"v\"#note", "\"v\"#note"), ("A=1\n\u{FEFF}K=v", "v"),
    ("\u{FEFF}\u{FEFF} \u{FEFF}K=v", "v"),
  ])
  func `understands the line`(text: String, expected: String) throws {
    #expect(try value(text) == expected)
  }

  @Test(arguments: ["", "K", "K=", "K=''", "K=\"\"", "K= # note", "#K=v", "=v", "k=v", "exportK=v"])
  func `finds nothing in`(text: String) throws {
    #expect(try value(text) == nil)
  }

  @Test func `takes lines longer than 64KiB`() throws {
    let long = String(repeating: "x", count: 70_000)
    #expect(try value("A=\(long)\nK=v\n") == "v")
    #expect(try value("A=\(long)\nK=v\n", "A") == long)
  }

  @Test func `is absent by default and an error when named`() throws {
    let folder = try ScratchFolder()
    let path = folder.path(".devlake.env")
    let absent = try EnvFile.load(path)
    #expect(absent == nil)
    let error = #expect(throws: EnvFileError.self) { try EnvFile.load(named: path) }
    #expect(error?.description == "no env file '\(path)'")
  }

  @Test func `refuses a directory and what is not text`() throws {
    let folder = try ScratchFolder()
    #expect(throws: EnvFileError.file(.notAFile(path: folder.path, kind: "a directory"))) {
      try EnvFile.load(folder.path)
    }
    let path = try folder.write("e", bytes: [0x4B, 0x3D, 0xFF, 0x0A])
    #expect(throws: EnvFileError.notText(path: path)) { try EnvFile.load(path) }
  }

  @Test(arguments: [(0o600, false), (0o644, true)])
  func `warns when others can read it`(mode: Int, warns: Bool) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("e", "K=v\n", mode: mode)
    let file = try #require(try EnvFile.load(path))
    #expect(file.warnings == (warns ? [.readableByOthers(path: path)] : []))
  }

  @Test func `shows no value when it is printed`() throws {
    let file = try EnvFile(parsing: Array("K=hunter2\n".utf8), path: "e")
    var dumped = ""
    dump(file, to: &dumped)
    #expect(!"\(file)".contains("hunter2"))
    #expect(!dumped.contains("hunter2"))
  }
}
