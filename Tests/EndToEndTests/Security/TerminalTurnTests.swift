import Foundation
import Testing

/// That commands which fetch secrets side by side can each ask for a passphrase.
struct TerminalTurnTests {
  @Test func `commands that ask take turns at the terminal`() async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write(
        "ask",
        "printf 'pass %s? ' $1 > /dev/tty; read -r answer < /dev/tty; echo \"$answer\""
      )
      try fixture.write("f.csv", "gitlab,1,cmd:sh ask one\nsonarqube,1,cmd:sh ask two\n")
      let terminal = try fixture.terminal("-c", "rotate --from f.csv --dry-run")
      for _ in 0..<2 {
        try terminal.expect("? ")
        try terminal.type("squ_abcdefgh12345678\r")
      }
      try terminal.expect("PATCH")
      #expect(try terminal.exitStatus() == 0)
    }
  }
}
