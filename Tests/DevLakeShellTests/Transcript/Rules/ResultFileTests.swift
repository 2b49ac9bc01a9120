import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// That a file of results is replaced as a whole, or left as it was.
struct ResultFileTests {
  @Test func `a file keeps its mode, and a link its place`() async throws {
    try await Workplace.with(seed: .demo) { place in
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
    try await Workplace.with(seed: .demo) { place in
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
    try await Workplace.with(seed: .demo) { place in
      let shell = await place.run("echo one > out; echo two >> out; echo three > /dev/null")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.folder.text("out") == "one\ntwo\n")
    }
  }

  @Test func `an export that was cut is not pruned by`() async throws {
    try await Workplace.with(seed: .demo) { place in
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
