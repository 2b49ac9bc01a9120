import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That values which are written out are checked before anything runs.
struct KnownValueTests {
  @Test(arguments: [
    ("audit --since xx", "'--since' must be a"),
    ("audit --since 2026-13-45", "'--since' must be a"),
    ("create --plugin gitlab --rate-limit x --token env:T", "--rate-limit"),
    ("update gitlab/1 --rate-limit x", "--rate-limit"),
    ("update 1 --rate-limit many", "--rate-limit"),
    ("create --plugin gitlab --endpoint nonsense --token env:T", "endpoint"),
    ("update gitlab/1 --endpoint nonsense", "endpoint"),
    ("update 1 --endpoint nonsense", "endpoint"),
    ("update jira/1 --endpoint https://jira.example.com/", "/rest/"),
    ("update jenkins/1 --endpoint https://ci.example.com/api", "/api"),
    ("update 1 --proxy nonsense", "proxy"),
    ("update gitlab/1 --field rateLimitPerHour=x", "rateLimitPerHour"),
    ("update gitlab/1 --field rateLimitPerHuor=1", "did you mean 'rateLimitPerHour'?"),
    ("update gitlab/1 --field id=7", "'id' is set by DevLake"),
    ("update gitlab/1 --clear nope", "has no field 'nope'"),
    ("update gitlab/1 --clear endpoint", "'endpoint' cannot be empty"),
    ("set output xml", "output"), ("set timeout -4", "timeout"), ("set parallel x", "parallel"),
    ("list --fields ,", "'--fields' must be names"),
    ("list --plugin gitlab --fields nope", "no connection has a field 'nope'"),
    ("plan nofile.yaml", "cannot read 'nofile.yaml'"),
    ("rotate --from nofile.csv", "cannot read 'nofile.csv'"),
    ("rotate gitlab/1 --token env:T --env-file nofile.env", "cannot read 'nofile.env'"),
    ("rotate gitlab/1 --token file:nofile", "cannot read 'nofile'"),
    ("api POST /projects @nofile.json", "cannot read 'nofile.json'"),
    ("sleep x", "seconds"), ("exit x", "exit"), ("history --last x", "--last"),
  ])
  func `a wrong value is told before anything runs`(_ line: String, _ text: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("status; \(line)")
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stdout.isEmpty, "\(shell.everything)")
      #expect(shell.stderr.contains(text), "\(shell.stderr)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [
    "create --plugin gitlab --org g --name n --rate-limit ui --token text:abcdefgh --no-test",
    "create --plugin gitlab --org g --name n --rate-limit 7 --endpoint '' --token text:abcdefgh",
    "create --plugin azuredevops_go --org acme --endpoint https://dev.azure.com/acme --name n "
      + "--token text:abcdefgh --no-test",
    "audit --since 7d", "audit --since 2026-11-01T08:00", "update gitlab/1 --clear proxy",
    "echo X=1 > made.env; rotate gitlab/1 --token env:X --env-file made.env",
  ])
  func `a right value is none`(_ line: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(line)
      #expect(shell.exitCode == .success, "\(shell.everything)")
    }
  }

  @Test func `a command of one's own takes the output options`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(
        "def labs { list --plugin gitlab; let n = $(list); echo ${#n} }; "
          + "labs --fields id,name -o csv"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let lines = shell.stdout.split(separator: "\n").map(String.init)
      #expect(lines.first == "id,name", "\(shell.everything)")
      #expect(lines.last == "14", "\(shell.everything)")
      let single = await place.run(
        "def one { for c in $(list --plugin gitlab) { $c } }; one --fields id --json"
      )
      #expect(single.stdout.contains("\"id\""), "\(single.everything)")
      #expect(!single.stdout.contains("\"name\""), "\(single.everything)")
    }
  }
}
