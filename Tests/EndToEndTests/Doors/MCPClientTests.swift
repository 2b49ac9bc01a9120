import DevLakeSimulator
import Foundation
import Testing

/// The program as a server of the PyPI package `mcp`, whose authors know nothing of it.
@Suite(
  .enabled(
    if: MCPClient.python != nil,
    "SKIPPED: no python3 can import the package 'mcp', and it could not be installed from PyPI"
  )
)
struct MCPClientTests {
  @Test(arguments: ["auto", "legacy"])
  func `a client of another author lists, tests and plans`(mode: String) async throws {
    try await ProgramFixture.with { fixture in
      let python = try #require(MCPClient.python)
      try fixture.write("client.py", MCPClient.script)
      let outcome = try await BuiltProgram.start(
        [fixture.folder + "/client.py", BuiltProgram.path, mode],
        program: python,
        environment: fixture.environment,
        folder: fixture.folder
      ).end()
      #expect(outcome.status == 0, "\(outcome.stdout)\n\(outcome.stderr)")
      let lines = outcome.stdout.split(separator: "\n").map(String.init)
      #expect(lines.contains("list 14"), "\(outcome.stdout)")
      #expect(lines.contains("test passed"), "\(outcome.stdout)")
      #expect(lines.contains("plan create 1"), "\(outcome.stdout)")
      #expect(lines.contains("error True"), "\(outcome.stdout)")
      #expect(lines.contains("progress True"), "\(outcome.stdout)")
      if mode == "auto" { #expect(lines.contains("version 2026-07-28"), "\(outcome.stdout)") }
      #expect(
        fixture.simulator.requests.allSatisfy { $0.method == "GET" || $0.path.hasSuffix("/test") }
      )
    }
  }
}

/// A Python that has the client.
enum MCPClient {
  /// `nil`: there is none, and none can be had.
  static let python: String? = {
    if imports("/usr/bin/env", ["python3"]) { return find("python3") }
    let folder = NSTemporaryDirectory() + "devlake-mcp-client"
    let own = folder + "/bin/python"
    if imports(own, []) { return own }
    guard run("/usr/bin/env", ["python3", "-m", "venv", folder]),
      run(own, ["-m", "pip", "install", "--quiet", "mcp>=2"])
    else { return nil }
    return imports(own, []) ? own : nil
  }()

  private static func imports(_ program: String, _ words: [String]) -> Bool {
    run(program, words + ["-c", "from mcp import Client, StdioServerParameters"])
  }

  private static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func run(_ program: String, _ words: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return false  // there is no such program
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  static let script = #"""
    import asyncio, os, sys
    from mcp import Client, StdioServerParameters

    FILE = "version: 1\nconnections:\n  - {plugin: gitlab, name: fresh, token: 'env:NEW'}\n"

    async def main():
        server = StdioServerParameters(
            command=sys.argv[1], args=["mcp"], env={k: v for k, v in os.environ.items()}
        )
        async with Client(server, mode=sys.argv[2]) as client:
            print("version", client.session.protocol_version)
            tools = (await client.list_tools()).tools
            assert {"list", "test", "plan"} <= {tool.name for tool in tools}, tools
            rows = await client.call_tool("list", {})
            print("list", len(rows.structured_content["records"]))
            steps = []
            async def progress(done, total, message):
                steps.append(done)
            test = await client.call_tool(
                "test", {"connections": ["gitlab/1"]}, progress_callback=progress
            )
            print("test", test.structured_content["records"][0]["verdict"])
            await client.call_tool("test", {"connections": ["gitlab/*"]}, progress_callback=progress)
            print("progress", len(steps) > 1)
            plan = await client.call_tool("plan", {"file": FILE})
            print("plan create", plan.structured_content["records"][0]["summary"]["create"])
            bad = await client.call_tool("show", {"connections": ["nothing/1"]})
            print("error", bad.is_error)

    asyncio.run(main())
    """#
}
