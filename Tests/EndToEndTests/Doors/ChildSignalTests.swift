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
    try await ProgramFixture.with { fixture in
      try fixture.write("child", Self.child)
      let running = try fixture.start("-c", line)
      await wait(for: "up", fixture)
      running.send(signal)
      #expect(await running.end().status == 128 + signal)
      await wait(for: "told", fixture)
    }
  }

  @Test func `a signal that is ignored from outside ends neither`() async throws {
    try await ProgramFixture.with { fixture in
      let line = #"trap '' HUP; "$0" -c '!kill -HUP $PPID && echo on' && echo "ended well""#
      let outcome = try await fixture.shell(line)
      #expect(outcome.stdout == "on\nended well\n", "\(outcome.stderr)")
    }
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["!sh child", "echo x | sh child", "rotate gitlab/1 --token 'cmd:sh child'"]
  )
  func `a shell that is killed leaves no child behind`(_ line: String) async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write(
        "child",
        "sleep 100 & echo $! > second; echo $$ > first; echo up > up; wait"
      )
      let running = try fixture.start("-c", line)
      await wait(for: "up", fixture)
      running.send(SIGKILL)
      #expect(await running.end().status == 128 + SIGKILL)
      for name in ["first", "second"] {
        let text = try #require(fixture.text(name)).dropLast()
        let id = try #require(pid_t(String(text)))
        while isRunning(id), !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(5))  // the time limit ends it
        }
        #expect(!isRunning(id))
      }
    }
  }

  /// Whether there is such a process; one that has ended and waits for init to notice is none.
  private func isRunning(_ id: pid_t) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else {
      return false  // there is no such process
    }
    return !status.contains(") Z")
  }

  @Test func `neither the shell nor what it starts leaves a core with secrets`() async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write("core.lake", "!grep '^Max core' /proc/$PPID/limits\n")
      let outcome = try await fixture.shell(#"ulimit -c unlimited; "$0" -f core.lake"#)
      #expect(outcome.stdout.split(separator: " ").dropFirst(4).first == "0", "\(outcome.stdout)")
    }
  }

  @Test func `a child has no descriptor but its three streams`() async throws {
    try await ProgramFixture.with { fixture in
      let line = "list --plugin github > /dev/null; !ls /proc/self/fd"
      let outcome = try await fixture.run(["-c", line])
      // The third is the folder that is listed.
      #expect(outcome.stdout == "0\n1\n2\n3\n", "\(outcome.stdout)\(outcome.stderr)")
    }
  }

  @Test func `what a child writes is kept up to a limit`() async throws {
    try await ProgramFixture.with { fixture in
      let outcome = try await fixture.run(["-c", "let x = $(!yes); echo after"])
      #expect(outcome.status == 1)
      #expect(outcome.stderr.contains("wrote more than 64 MiB"), "\(outcome.stderr)")
    }
  }

  @Test func `a variable that cannot be handed over is an error where it is used`() async throws {
    try await ProgramFixture.with { fixture in
      let big = "let v = $(!head -c 140000 /dev/zero | tr '\\0' x)"
      let used = try await fixture.run(["-c", "\(big); !printf %s \"$v\" | wc -c"])
      #expect(used.status == 2)
      #expect(used.stderr.contains("'$v' cannot be handed to a shell command: it has 140000 bytes"))
      let other = try await fixture.run(["-c", "\(big); !echo on"])
      #expect(other.stdout == "on\n", "\(other.stderr)")
      let small = try await fixture.run([
        "-c", "let v = $(!head -c 120000 /dev/zero | tr '\\0' x); !printf %s \"$v\" | wc -c",
      ])
      #expect(small.stdout == "120000\n", "\(small.stderr)")
      let list = try await fixture.run(["-c", "let l = $(plugins); !echo \"$l\""])
      #expect(list.stderr.contains("'$l' cannot be handed to a shell command: it is a list"))
    }
  }

  private func wait(for name: String, _ fixture: ProgramFixture) async {
    while fixture.text(name) != name + "\n", !Task.isCancelled {
      // No thread of the others' is taken while nothing happens; the time limit ends it.
      try? await Task.sleep(for: .milliseconds(5))
    }
  }
}
