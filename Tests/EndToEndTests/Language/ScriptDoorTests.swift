import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// The built program as a script's caller meets it: streams, signals and exit codes.
@Suite struct ScriptDoorTests {
  /// The program beside the tests.
  static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("devlake-shell").path

  /// Runs a line of sh, in which `$lake` is the program.
  private func sh(_ line: String, url: String = "http://127.0.0.1:1") throws -> (String, Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = [
      "lake": Self.program, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "DEVLAKE_URL": url,
      "TOKEN": "ghp_012345678901234567890123456789abcdef",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  @Test(
    arguments: [
      (#"$lake -c 'echo a | tr a b'"#, "b\n", 0),
      (#"echo input | $lake -c '!cat' -c 'echo end'"#, "end\n", 0),
      (#"$lake -c 'let n = 5; !echo "$n"'"#, "5\n", 0),
      (#"$lake -c 'let --secret t = env:TOKEN; !echo "[$t$TOKEN]"'"#, "[]\n", 0),
      (#"$lake -c 'echo a; !echo b; echo c'"#, "a\nb\nc\n", 0),
      (#"$lake -c 'echo a | head -0; echo c'"#, "c\n", 0),
      (#"cd /; $lake -c 'echo a > /dev/stdout; echo b'"#, "a\nb\n", 0),
      (#"printf 'echo a\necho b\n' | $lake"#, "a\nb\n", 0),
      (
        #"$lake -c 'let l = $(!seq 9999); for i in 1 2 3 4 5 6 7 8 { echo $l }' | head -1"#, "1\n",
        0
      ),
    ]
  )
  func `children of a script get its results, its variables and /dev/null, but no secrets`(
    line: String,
    output: String,
    code: Int32
  ) throws {
    let (text, status) = try sh(line)
    #expect(text == output)
    #expect(status == code)
  }

  @Test func `a silent open stdin never hangs a question: it ends with 5 and names the flags`()
    async throws
  {
    try await Simulator.with(seed: .demo) { simulator in
      let (text, code) = try sh(
        """
        pipe=$(mktemp -u) && mkfifo "$pipe"
        sleep 60 >"$pipe" 2>/dev/null & writer=$!
        $lake rotate github/1 <"$pipe"; code=$?
        kill $writer; rm "$pipe"
        exit $code
        """,
        url: simulator.url
      )
      #expect(text.contains("--token"))
      #expect(code == 5)
    }
  }

  @Test func `Ctrl-C ends a script with 130, its children with it, and try does not keep it`()
    throws
  {
    // Not `kill` of a background job: sh lets those ignore SIGINT.
    let (text, code) = try sh(
      "timeout --preserve-status -s INT 3 $lake -c 'try { !exec sleep 60 } else { echo no }; echo no'"
    )
    #expect(code == 130)
    #expect(text == "error: interrupted\n")
  }
}
