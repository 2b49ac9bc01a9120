import Foundation
import Glibc
import Testing

/// What ends the shell ends what it has started, too, and nothing else.
struct ChildSignalTests {
  /// Says that it runs, and what it was told.
  private static let child = """
    trap 'echo told > told; kill $!; exit 1' TERM HUP
    sleep 100 &
    echo up > up
    wait
    """

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [SIGTERM, SIGHUP],
    ["!sh child", "echo x | sh child", "rotate gitlab/1 --token 'cmd:sh child'"]
  )
  func `a signal that ends the shell is handed on to its child`(
    _ signal: CInt,
    _ line: String
  ) async throws {
    try await Bench.with { bench in
      try bench.write("child", Self.child)
      let running = try bench.start("-c", line)
      await wait(for: "up", bench)
      running.send(signal)
      #expect(await running.end().status == 128 + signal)
      await wait(for: "told", bench)
    }
  }

  @Test func `a signal that is ignored from outside ends neither`() async throws {
    try await Bench.with { bench in
      let line = #"trap '' HUP; "$0" -c '!kill -HUP $PPID && echo on' && echo "ended well""#
      let outcome = try await bench.shell(line)
      #expect(outcome.stdout == "on\nended well\n", "\(outcome.stderr)")
    }
  }

  private func wait(for name: String, _ bench: Bench) async {
    while bench.text(name) != name + "\n", !Task.isCancelled {
      // No thread of the others' is taken while nothing happens; the time limit ends it.
      try? await Task.sleep(for: .milliseconds(5))
    }
  }
}
