import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What becomes of the env file: keys that served leave it, and nothing else does.
struct EnvFileTranscriptTests {
  private static let create = "configure connection --plugin circleci --name ci"
  private static let file = ".devlake.env"

  @Test func `a file without other keys is deleted after a success`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, "# from the vault\nCIRCLECI_TOKEN=served\n")
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .success)
      #expect(place.folder.text(Self.file) == nil)
    }
  }

  @Test func `secrets of other tools stay, byte for byte`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(
        Self.file,
        "A=1\r\nexport CIRCLECI_TOKEN='served'\r\n# kept\r\nNPM_TOKEN=x"
      )
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .success)
      #expect(place.folder.text(Self.file) == "A=1\r\n# kept\r\nNPM_TOKEN=x")
    }
  }

  @Test(arguments: [
    "create --plugin jenkins --name x --endpoint https://ci.example.com/ --dry-run",
    "rotate jenkins/1 --dry-run",
  ])
  func `a dry run needs the keys later`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let text = "JENKINS_TOKEN=served\nJENKINS_USERNAME=ada\n"
      try place.folder.write(Self.file, text)
      let shell = await place.run(command)
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.folder.text(Self.file) == text)
    }
  }

  @Test func `skip-cleanup keeps the file`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, "CIRCLECI_TOKEN=served\n")
      let shell = await place.run(Self.create + " --skip-cleanup")
      #expect(shell.exitCode == .success)
      #expect(place.folder.text(Self.file) == "CIRCLECI_TOKEN=served\n")
    }
  }

  @Test(arguments: [create + " || echo on", "try { \(create) } else { echo on }"])
  func `a failure that a script goes on after keeps the file`(_ script: String) async throws {
    let text = "CIRCLECI_TOKEN=BAD-token\n"
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, text)
      let shell = await place.run(script)
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(shell.stdout.split(separator: "\n").last == "on", "\(shell.stdout)")
      #expect(place.folder.text(Self.file) == text)
    }
  }

  @Test func `a failed creation keeps the file through every door`() async throws {
    let text = "CIRCLECI_TOKEN=BAD-token\n"
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, text)
      await #expect(place.run(Self.create).exitCode == .failure)
      #expect(place.folder.text(Self.file) == text)
      _ = await place.type(Self.create)
      #expect(place.folder.text(Self.file) == text)
      _ = await place.type(Self.create, "list", "exit")
      #expect(place.folder.text(Self.file) == text)
    }
  }

  @Test func `at a prompt the keys leave after the command that used them`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, "CIRCLECI_TOKEN=served\nOTHER=x\n")
      _ = await place.type(Self.create, "delete circleci/9 --force")
      #expect(place.simulator.connections("circleci").count == 1)
      #expect(place.folder.text(Self.file) == "OTHER=x\n")
    }
  }

  @Test func `in a batch the file serves every command and is cleaned once`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, "CIRCLECI_TOKEN=served\n")
      let shell = await place.run(
        "create --plugin circleci --name one; create --plugin circleci --name two"
      )
      #expect(shell.exitCode == .success)
      #expect(place.simulator.connections("circleci").count == 2)
      #expect(place.folder.text(Self.file) == nil)
    }
  }

  @Test func `a batch that fails later keeps the file`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(Self.file, "CIRCLECI_TOKEN=served\n")
      let shell = await place.run("create --plugin circleci --name one; show circleci/9")
      #expect(shell.exitCode == .failure)
      #expect(place.folder.text(Self.file) == "CIRCLECI_TOKEN=served\n")
    }
  }

  @Test(arguments: [("named.env", nil), ("named.env", "process")] as [(String, String?)])
  func `a named file is the one that is read and cleaned`(
    _ name: String,
    _ place: String?
  ) async throws {
    try await ShellFixture.with { workplace in
      try workplace.folder.write(name, "CIRCLECI_TOKEN=named\n")
      try workplace.folder.write(Self.file, "CIRCLECI_TOKEN=usual\n")
      let shell =
        place == nil
        ? await workplace.run(Self.create + " --env-file \(name)")
        : await workplace.run(Self.create, ["--env-file", name])
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(workplace.stored("circleci")["token"] == "named")
      #expect(workplace.folder.text(name) == nil)
      #expect(workplace.folder.text(Self.file) == "CIRCLECI_TOKEN=usual\n")
    }
  }
}
