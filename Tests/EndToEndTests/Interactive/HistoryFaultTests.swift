import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// A history that cannot be kept is said once, and costs nothing else.
struct HistoryFaultTests {
  @Test(arguments: ["link", "folder", "pipe"])
  func `a history that is no file of its own is said once and left alone`(
    kind: String
  )
    async throws
  {
    try await ProgramFixture.with { fixture in
      let folder = fixture.folder + "/.local/state/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let path = folder + "/history"
      try fixture.write("target", "mine\n")
      chmod(fixture.folder + "/target", 0o644)
      switch kind {
      case "link":
        try FileManager.default.createSymbolicLink(
          atPath: path,
          withDestinationPath: fixture.folder + "/target"
        )
      case "folder": mkdir(path, 0o755)
      default: mkfifo(path, 0o644)
      }
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("echo fi''rst\r")
      try terminal.expect("\nfirst\n")
      try terminal.prompt("devlake> ")
      try terminal.type("echo sec''ond\r")
      try terminal.expect("\nsecond\n")
      try terminal.prompt("devlake> ")
      #expect(terminal.transcript.ranges(of: "history is kept in memory only").count == 1)
      // Up finds it all the same.
      try terminal.type("\u{1B}[A")
      try terminal.expect("echo sec''ond")
      #expect(fixture.text("target") == "mine\n")
      var status = stat()
      stat(fixture.folder + "/target", &status)
      #expect(status.st_mode & 0o777 == 0o644)
    }
  }

  @Test(arguments: [
    // Files that may not grow, as on a full disk; the terminal is no file.
    ("ulimit -f 0; exec \"$0\"", "File too large"),
    ("XDG_STATE_HOME=$HOME/plain exec \"$0\"", "Not a directory"),
    ("XDG_STATE_HOME=/proc/none exec \"$0\"", "No such file or directory"),
  ])
  func `a disk that is full or a folder that takes no file is said once`(
    start: String,
    reason: String
  ) async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write("plain", "")
      let terminal = try PseudoTerminal(
        ["/bin/sh", "-c", start, BuiltProgram.path],
        environment: fixture.environment,
        folder: fixture.folder,
        columns: 200
      )
      try terminal.prompt("devlake> ")
      for word in ["first", "second"] {
        try terminal.type("echo '\(word)'\r")
        try terminal.expect("\n\(word)\n")
        try terminal.prompt("devlake> ")
      }
      let warnings = terminal.transcript.ranges(of: "warning: history is kept in memory only: ")
      #expect(warnings.count == 1, "\(terminal.transcript)")
      #expect(terminal.transcript.contains(reason))
      try terminal.type("list --plugin github\r")
      try terminal.expect("GitHub - my-org-labs")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{1B}[A\u{1B}[A\u{1B}[A\r")
      try terminal.expect("echo 'first'")
      try terminal.expect("\nfirst\n")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
    }
  }
}
