import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// The schedules of `scripts/examples/rotation` rotate, and mail what could not be.
struct RotationExampleTests {
  /// A file of `scripts/examples/rotation`.
  private static func text(_ name: String) throws -> String {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { url.deleteLastPathComponent() }
    return try String(
      contentsOf: url.appendingPathComponent("scripts/examples/rotation/\(name)"),
      encoding: .utf8
    )
  }

  /// What a schedule gives `/bin/sh`, with the folders of the test for its own.
  private static func script(_ name: String, in folder: String) throws -> String {
    let text = try text(name)
    var script: String
    if name.hasSuffix(".service") {
      let command = try #require(text.split(separator: "ExecStart=/bin/sh -c '").last)
      script = String(try #require(command.split(separator: "'").first))
      for doubled in ["$", "%"] { script = script.replacing(doubled + doubled, with: doubled) }
    } else {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let begin = try #require(lines.firstIndex { $0.hasSuffix("- |") })
      let inside = lines[(begin + 1)...].prefix { $0.hasPrefix("                  ") }
      script = inside.map { $0.dropFirst(18) }.joined(separator: "\n")
    }
    for place in [
      "/var/lib/devlake-rotation", "/etc/devlake-shell", "/config", "/state", "/tmp",
    ] { script = script.replacing(place + "/", with: "FOLDER/") }
    return script.replacing("/usr/bin/devlake-shell", with: "devlake-shell")
      .replacing("FOLDER", with: folder)
  }

  /// Runs a script in which `devlake-shell` keeps its arguments and ends with a code.
  ///
  /// - Returns: The script's exit status, and the arguments.
  private static func run(
    _ script: String,
    _ code: Int,
    in folder: TestFolder
  ) throws -> (status: Int32, arguments: [String]) {
    try folder.write(
      "bin/devlake-shell",
      "#!/bin/sh\nprintf '%s\\n' \"$@\" > '\(folder.path)/arguments'\necho told\nexit \(code)\n",
      mode: 0o700
    )
    try folder.write(
      "bin/mail",
      "#!/bin/sh\n{ printf '%s\\n' \"$@\"; cat; } > '\(folder.path)/mail'\n",
      mode: 0o700
    )
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.environment = [
      "PATH": folder.path("bin") + ":/usr/bin:/bin", "MAILTO": "admins@example.com",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let arguments = try #require(folder.text("arguments")).split(separator: "\n").map(String.init)
    return (process.terminationStatus, arguments)
  }

  @Test(arguments: ["devlake-rotation.service", "kubernetes-cronjob.yaml"])
  func `a night rotates what is old, and mails only what could not be`(
    _ name: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.now = SecretLifeTests.start
      let script = try Self.script(name, in: place.folder.path)
      let good = try Self.run(script, 0, in: place.folder)
      #expect(good.status == 0)
      #expect(place.folder.text("mail") == nil)
      let bad = try Self.run(script, 4, in: place.folder)
      #expect(bad.status == 4)
      let mail = try #require(place.folder.text("mail"))
      #expect(mail == "-s\nDevLake: rotation ended with 4\nadmins@example.com\ntold\n")
      try place.folder.write("secrets.csv", "gitlab,1,cmd:echo glpat-New4Token9aBcD\n")
      let shell = await place.run(arguments: bad.arguments)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(place.stored("gitlab")["token"] == "glpat-New4Token9aBcD")
    }
  }

  @Test func `the job of GitHub's runs as it stands`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.now = SecretLifeTests.start
      let text = try Self.text("github-actions.yml").replacing(">-\n          ", with: "")
        .replacing("\n          --keep", with: " --keep")
      let commands = text.split(separator: "\n").compactMap { line in
        line.split(separator: "run: ", maxSplits: 1).last.map(String.init)
      }.filter { $0.hasPrefix("devlake-shell") }
      #expect(commands.count == 4)
      try place.folder.write("secrets.csv", "gitlab,1,cmd:echo glpat-New4Token9aBcD\n")
      let export = await place.run("export gitlab/1 > connections.yaml")
      #expect(export.exitCode == .success, "\(export.everything)")
      for command in commands {
        let script = command.replacing("$RUNNER_TEMP", with: place.folder.path)
        let words = try Self.run(script, 0, in: place.folder).arguments
        let shell = await place.run(arguments: words)
        let isDoctor = words.contains("doctor")
        #expect(shell.exitCode == .success || isDoctor, "\(command): \(shell.everything)")
        #expect(shell.exitCode != .usage, "\(command): \(shell.everything)")
      }
      try #expect(place.stored("gitlab")["token"] == "glpat-New4Token9aBcD")
    }
  }
}
