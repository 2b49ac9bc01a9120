import DevLakeKit
import DevLakeSimulator
import Foundation

/// A folder that is home to a program, and the simulated DevLake it talks to.
final class ProgramFixture {
  let simulator: Simulator
  let folder: String
  var environment: [String: String]

  private init(_ simulator: Simulator, inMemory: Bool) throws {
    self.simulator = simulator
    let disk = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    let memory = "/dev/shm"
    let root = inMemory && FileManager.default.isWritableFile(atPath: memory) ? memory : disk
    folder = root + "/devlake-end-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    environment = [
      "HOME": folder, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
      "DEVLAKE_URL": simulator.url, "NEW": "fresh-secret-of-a-rotation",
    ]
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// - Parameter inMemory: Whether the folder is in memory where the system has such folders: a disk
  ///   takes milliseconds for each write that is to be on it.
  static func with(
    seed: Seed = .demo,
    era: Era = .may2026,
    faults: [String] = [],
    latency: Duration = .zero,
    inMemory: Bool = false,
    _ body: (ProgramFixture) async throws -> Void
  ) async throws {
    let rules = try faults.map { try FaultRule(parsing: $0) }
    try await Simulator.with(seed: seed, era: era, latency: latency, faults: rules) {
      try await body(ProgramFixture($0, inMemory: inMemory))
    }
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
  }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: folder + "/" + name)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// Starts the program; its standard input is a pipe.
  func start(_ arguments: String...) throws -> BuiltProgram.Running {
    try BuiltProgram.start(arguments, environment: environment, folder: folder)
  }

  /// Runs the program to its end.
  func run(_ arguments: [String], input: String = "") async throws -> BuiltProgram.Outcome {
    let running = try BuiltProgram.start(arguments, environment: environment, folder: folder)
    running.write(input)
    return await running.end()
  }

  /// Runs a line of `/bin/sh`, in which `"$0"` is the program.
  func shell(_ line: String) async throws -> BuiltProgram.Outcome {
    try await BuiltProgram.start(
      ["-c", line, BuiltProgram.path],
      program: "/bin/sh",
      environment: environment,
      folder: folder
    ).end()
  }

  /// Runs the program on a terminal.
  func terminal(_ arguments: String...) throws -> PseudoTerminal {
    try PseudoTerminal(
      [BuiltProgram.path] + arguments,
      environment: environment,
      folder: folder,
      columns: 100
    )
  }

  /// Runs the program on the screen of a terminal emulator.
  func screen(
    _ arguments: String...,
    columns: Int = 100,
    rows: Int = 24,
    terminal: String = "screen-256color"
  ) throws -> Tmux {
    environment["TERM"] = terminal
    return try Tmux(
      ["/usr/bin/env", "-C", folder, BuiltProgram.path] + arguments,
      environment: environment,
      columns: columns,
      rows: rows
    )
  }
}
