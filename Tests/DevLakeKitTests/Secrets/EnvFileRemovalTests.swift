import DevLakeKit
import Foundation
import Testing

@Suite struct EnvFileRemovalTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func remove(_ key: String, holding value: String) throws -> EnvFile.Removal.Outcome {
    try EnvFile.remove([key: Secret(value)], fromFileAt: folder.path("e")).outcome
  }

  @Test(arguments: [
    ("K=v\nOTHER=s\n", "OTHER=s\n"),
    ("K=v\r\n# note\r\n\r\nOTHER = 's' \r\n", "# note\r\n\r\nOTHER = 's' \r\n"),
    ("OTHER=s\nexport K=v", "OTHER=s\n"),
    ("K=1\nOTHER=s\nK=2\nK=\n", "OTHER=s\n"),
    ("\u{FEFF}K=v\nOTHER=s", "\u{FEFF}OTHER=s"),
    ("K=v\nOTHER=\n", "OTHER=\n"),
    ("K=v\nnot an assignment\n", "not an assignment\n"),
    ("KK=v\nK=v\n", "KK=v\n"),
  ])
  func `leaves everything else byte for byte`(before: String, after: String) throws {
    let value = before.contains("K=2") ? "2" : "v"
    try folder.write("e", before)
    #expect(try remove("K", holding: value) == .rewritten)
    #expect(folder.text("e") == after)
    #expect(try folder.names == ["e"])
  }

  @Test(arguments: ["K=v", "# note\n\nK=v\n", "\u{FEFF}K=v\r\nexport K=w\r\n"])
  func `deletes a file without keys`(before: String) throws {
    try folder.write("e", before)
    #expect(try remove("K", holding: before.contains("=w") ? "w" : "v") == .deleted)
    #expect(try folder.names.isEmpty)
  }

  @Test func `touches nothing without such a key`() throws {
    #expect(try remove("K", holding: "v") == .unchanged)
    try folder.write("e", "# only a note\n")
    #expect(try remove("K", holding: "v") == .unchanged)
    #expect(folder.text("e") == "# only a note\n")
  }

  @Test(arguments: ["K=new\nOTHER=s\n", "K=v\nK=new\nOTHER=s\n", "K=\nOTHER=s\n"])
  func `a key that was given another value meanwhile stays`(now: String) throws {
    try folder.write("e", now)
    let removal = try EnvFile.remove(["K": Secret("v")], fromFileAt: folder.path("e"))
    #expect(removal == EnvFile.Removal(outcome: .unchanged, removed: [], kept: ["K"]))
    #expect(folder.text("e") == now)
  }

  @Test func `of several keys only those that still hold what served go`() throws {
    try folder.write("e", "A=1\nB=new\nC=3\n")
    let served = ["A": Secret("1"), "B": Secret("2"), "C": Secret("3")]
    let removal = try EnvFile.remove(served, fromFileAt: folder.path("e"))
    #expect(removal.removed == ["A", "C"])
    #expect(removal.kept == ["B"])
    #expect(folder.text("e") == "B=new\n")
  }

  @Test func `keeps the mode and the link`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("d"),
      withIntermediateDirectories: true
    )
    try folder.write("d/real", "K=v\nOTHER=s\n", mode: 0o640)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("e"),
      withDestinationPath: "d/real"
    )
    #expect(try remove("K", holding: "v") == .rewritten)
    #expect(folder.text("d/real") == "OTHER=s\n")
    #expect(try folder.mode("d/real") == 0o640)
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("e"))
    #expect(target == "d/real")
  }

  @Test func `loses nothing when many shells remove at once`() async throws {
    let keys = (0..<20).map { "K\($0)" }
    let lines = keys.map { "\($0)=v\n" }.joined()
    try folder.write("e", lines + "OTHER=s\n")
    let path = folder.path("e")
    try await withThrowingTaskGroup(of: EnvFile.Removal.Outcome.self) { group in
      for key in keys {
        group.addTask { try EnvFile.remove([key: Secret("v")], fromFileAt: path).outcome }
      }
      for try await removal in group { #expect(removal == .rewritten) }
    }
    #expect(folder.text("e") == "OTHER=s\n")
    #expect(try folder.names == ["e"])
  }
}
