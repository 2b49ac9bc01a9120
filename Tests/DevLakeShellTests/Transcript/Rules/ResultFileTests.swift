import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// That a file of results is replaced as a whole, or left as it was.
struct ResultFileTests {
  @Test func `a file keeps its mode, and a link its place`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("target", "old")
      let files = FileManager.default
      try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: place.folder.path("target"))
      try files.createSymbolicLink(
        atPath: place.folder.path("link"),
        withDestinationPath: place.folder.path("target")
      )
      let shell = await place.run("echo new > link")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.folder.text("target") == "new\n")
      let mode = try files.attributesOfItem(atPath: place.folder.path("target"))
      #expect(mode[.posixPermissions] as? Int == 0o640)
      #expect(
        try files.destinationOfSymbolicLink(atPath: place.folder.path("link")).hasSuffix("target")
      )
    }
  }

  @Test func `a command that fails leaves the file as it was`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("out", "old")
      let shell = await place.run("show gitlab/99 > out")
      #expect(!shell.exitCode.isSuccess)
      #expect(place.folder.text("out") == "old")
      _ = await place.run("show gitlab/99 > fresh")
      #expect(place.folder.text("fresh") == nil)
    }
  }

  @Test func `what is appended comes behind what is there, and a device is written in place`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("echo one > out; echo two >> out; echo three > /dev/null")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.folder.text("out") == "one\ntwo\n")
    }
  }

  @Test(arguments: ["yaml", "json", "ndjson"])
  func `an export in any format that was cut is not pruned by`(_ format: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("export -o \(format) > all")
      let text = try #require(place.folder.text("all"))
      let whole = await place.run("plan all --prune --secrets never")
      #expect(whole.exitCode == .success, "\(whole.everything)")
      let bytes = Array(text.utf8)
      for count in stride(from: 60, to: bytes.count - 20, by: bytes.count / 40) {
        try place.folder.write("cut", String(decoding: bytes.prefix(count), as: UTF8.self))
        let shell = await place.run("plan cut --prune --secrets never")
        #expect(shell.exitCode == .usage, "\(count): \(shell.everything)")
      }
    }
  }

  @Test func `an export that git gave Windows' line ends is whole`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("export > all.yaml")
      let text = try #require(place.folder.text("all.yaml"))
      try place.folder.write("windows.yaml", text.replacing("\n", with: "\r\n"))
      let shell = await place.run("plan windows.yaml --prune --secrets never")
      #expect(shell.exitCode == .success, "\(shell.everything)")
    }
  }

  @Test func `an export that lacks a plugin and was cut is known as cut`() async throws {
    let faults = ["/plugins/jenkins/connections=status:500:{}"]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      _ = await place.run("export > part.yaml")
      let text = try #require(place.folder.text("part.yaml"))
      #expect(text.contains("# incomplete: the connections of jenkins"))
      let lines = text.split(separator: "\n")
      try place.folder.write("cut.yaml", lines.dropLast(8).joined(separator: "\n") + "\n")
      let shell = await place.run("plan cut.yaml --prune --secrets never")
      #expect(shell.exitCode == .usage, "\(shell.everything)")
    }
  }

  @Test func `a table in a file has what its cells hold, and a terminal what is harmless`()
    async throws
  {
    let name = "a\tb\u{1B}[31m\u{200B}c"
    try await ShellFixture.with(seed: .demo) { place in
      place.simulator.change("gitlab", 1, ["name": .string(name)])
      for line in ["list > f", "list -o vertical > f", "list --plugin gitlab | cat > f"] {
        _ = await place.run(line)
        #expect(place.folder.text("f")?.contains(name) == true, "\(line)")
      }
      place.simulator.change("gitlab", 1, ["name": "a\nb"])
      _ = await place.run("list > f")
      #expect(place.folder.text("f")?.contains("a b") == true)
    }
  }

  @Test func `an export that was cut is not pruned by`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("export > all.yaml")
      let text = try #require(place.folder.text("all.yaml"))
      #expect(text.hasSuffix("# end of the export: 14 connections\n"), "\(text.suffix(200))")
      let lines = text.split(separator: "\n")
      for count in stride(from: 5, to: lines.count - 1, by: 9) {
        try place.folder.write("cut.yaml", lines.prefix(count).joined(separator: "\n") + "\n")
        let shell = await place.run("plan cut.yaml --prune --secrets never")
        #expect(shell.exitCode == .usage, "\(count): \(shell.everything)")
      }
      let whole = await place.run("plan all.yaml --prune --secrets never")
      #expect(whole.exitCode == .success, "\(whole.everything)")
    }
  }
}
