import DevLakeKit
import Foundation
import Testing

@testable import DevLakeShell

/// The line behind a program that tells the source it was built from.
struct SourceStampTests {
  static let line = "devlake-shell-source commit=0f9d date=2026-11-25T12:00:00Z modified=false\n"

  @Test(arguments: [
    ("program\n" + line, "0f9d", "2026-11-25T12:00:00Z", false),
    (line.replacing("=false", with: "=true"), "0f9d", "2026-11-25T12:00:00Z", true),
    // An older line is left standing before the last one.
    (line + "\n" + line.replacing("0f9d", with: "12ab"), "12ab", "2026-11-25T12:00:00Z", false),
  ])
  func `the last line names the source`(
    trailer: String,
    commit: String,
    date: String,
    isModified: Bool
  ) throws {
    let stamp = try #require(SourceStamp(trailer: Array(trailer.utf8)))
    #expect(stamp.commit == commit)
    #expect(stamp.date == date)
    #expect(stamp.isModified == isModified)
  }

  @Test(arguments: [
    "", "\n", "program\n", "devlake-shell-source \n", "devlake-shell-source commit=0f9d\n",
    // Something follows it, so it is part of the program.
    line + "more", String(line.dropLast()),
  ])
  func `anything else names none`(trailer: String) {
    #expect(SourceStamp(trailer: Array(trailer.utf8)) == nil)
  }

  @Test func `a long program is read at its end`() throws {
    let folder = try TestFolder()
    try folder.write("program", String(repeating: "x", count: 100_000) + "\n" + Self.line)
    #expect(SourceStamp(programAt: folder.path("program"))?.commit == "0f9d")
    #expect(SourceStamp(programAt: folder.path("none")) == nil)
  }

  @MainActor @Test func `--version --json shows it, and null where there is none`() throws {
    let known = try #require(SourceStamp(trailer: Array(Self.line.utf8)))
    #expect(
      Shell.versionRecord(known).text
        == #"{"name":"devlake-shell","version":"\#(Shell.version)","commit":"0f9d","#
        + #""date":"2026-11-25T12:00:00Z","modified":false}"#
    )
    #expect(Shell.versionRecord(nil)["commit"] == .null)
  }
}
