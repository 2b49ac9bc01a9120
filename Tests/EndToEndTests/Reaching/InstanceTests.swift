import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// Named instances: one word for an address, its certificates and its login.
struct InstanceTests {
  private func name(_ yaml: String, in fixture: ProgramFixture) throws {
    let folder = fixture.folder + "/config/devlake-shell"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try fixture.write("config/devlake-shell/instances.yaml", yaml)
    fixture.environment["XDG_CONFIG_HOME"] = fixture.folder + "/config"
    fixture.environment["DEVLAKE_URL"] = nil
  }

  @Test func `a name stands for address and login, by option and by connect`() async throws {
    try await ProgramFixture.with { fixture in
      let front = HTTPFront.configUI(of: fixture.simulator.url, login: "ada:hidden-word")
      try await HTTPFront.with(front) { url in
        try name("lab:\n  url: \(url)\n  user: ada\n  password: env:LAB\n", in: fixture)
        fixture.environment["LAB"] = "hidden-word"
        let option = try await fixture.run(["--instance", "lab", "status", "--json"])
        #expect(option.status == 0, "\(option.stderr)")
        #expect(option.stdout.contains(#""source": "instance lab""#))
        #expect(option.stdout.contains(#""auth": "basic""#))
        let connect = try await fixture.run(["-c", "connect lab; list --fields name"])
        #expect(connect.status == 0, "\(connect.stderr)")
        #expect(connect.stderr.isEmpty)
      }
    }
  }

  @Test func `the prompt shows the name`() async throws {
    try await ProgramFixture.with { fixture in
      let url = fixture.simulator.url
      try name("lab: {url: '\(url)'}\n", in: fixture)
      let terminal = try fixture.terminal("--instance", "lab")
      try terminal.prompt("devlake@lab> ")
      try terminal.type("use github\r")
      try terminal.prompt("devlake@lab/github> ")
      try terminal.type("connect \(url)\r")
      try terminal.prompt("devlake/github> ")
      try terminal.type("exit\r")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `certificates and headers of an instance are used`() async throws {
    try await ProgramFixture.with { fixture in
      let folder = fixture.folder + "/config/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let certificates = try TestCertificates(in: folder)
      let port = fixture.simulator.url.split(separator: ":").last.flatMap { Int($0) } ?? 0
      try await Relay.with(.tls(certificates.server), to: port) { relay in
        let url = "https://localhost:\(relay.port)"
        try name("lab: {url: '\(url)', caCert: ca.pem, headers: {X-Team: one}}\n", in: fixture)
        let list = try await fixture.run(["--instance", "lab", "list"])
        #expect(list.status == 0, "\(list.stderr)")
        #expect(list.stderr.isEmpty)
        try name("lab: {url: '\(url)', caCert: other.pem}\n", in: fixture)
        let missing = try await fixture.run(["--instance", "lab", "list"])
        #expect(missing.status == 2)
        #expect(missing.stderr.contains("caCert: no file"), "\(missing.stderr)")
      }
    }
  }

  @Test func `a secret spelled out in the file is warned about, and not shown`() async throws {
    try await ProgramFixture.with { fixture in
      try name(
        "lab: {url: '\(fixture.simulator.url)', user: ada, password: plain-word}",
        in: fixture
      )
      let list = try await fixture.run(["--instance", "lab", "list"])
      #expect(list.status == 0)
      #expect(list.stderr.contains("spells out password of instance 'lab'"), "\(list.stderr)")
      #expect(!list.stderr.contains("plain-word"))
    }
  }

  @Test func `a wrong name or file is a mistake with a way out`() async throws {
    try await ProgramFixture.with { fixture in
      try name("staging: {url: '\(fixture.simulator.url)'}\n", in: fixture)
      let typo = try await fixture.run(["--instance", "stagin", "list"])
      #expect(typo.status == 2)
      #expect(typo.stderr.contains("did you mean 'staging'?"), "\(typo.stderr)")
      let connect = try await fixture.run(["connect", "stagign"])
      #expect(connect.status == 2)
      #expect(connect.stderr.contains("did you mean 'staging'?"), "\(connect.stderr)")
      try name("staging: {uri: x}\n", in: fixture)
      let broken = try await fixture.run(["--instance", "staging", "list"])
      #expect(broken.status == 2)
      #expect(broken.stderr.contains("has no setting 'uri'"), "\(broken.stderr)")
      #expect(fixture.simulator.requests.isEmpty)
    }
  }

  @Test func `--instance comes before $DEVLAKE_URL`() async throws {
    try await ProgramFixture.with { fixture in
      try await ProgramFixture.with { other in
        try name("lab: {url: '\(fixture.simulator.url)'}\n", in: fixture)
        fixture.environment["DEVLAKE_URL"] = other.simulator.url
        for words in [
          ["--instance", "lab", "-q", "delete", "sonarqube/1", "--force"],
          ["--instance", "lab", "-c", "delete pagerduty/1 --force"],
        ] {
          let delete = try await fixture.run(words)
          #expect(delete.status == 0, "\(delete.stderr)")
          #expect(!delete.stderr.contains("warning"), "\(delete.stderr)")
          #expect(delete.stdout.contains(" on lab\n"), "\(delete.stdout)")
        }
        #expect(other.simulator.requests.isEmpty)
        #expect(fixture.simulator.connections("sonarqube").isEmpty)
        #expect(fixture.simulator.connections("pagerduty").isEmpty)
      }
    }
  }

  @Test(
    arguments: [
      ["--instance", "lab", "--url", "http://127.0.0.1:1", "list"],
      ["--instance", "lab", "list", "--url", "http://127.0.0.1:1"],
      ["--instance", "lab", "list", "--url=http://127.0.0.1:1"],
      ["--check", "--url", "http://127.0.0.1:1", "--instance", "lab", "-c", "list"],
    ]
  )
  func `--url and --instance together are a mistake`(words: [String]) async throws {
    try await ProgramFixture.with { fixture in
      try name("lab: {url: '\(fixture.simulator.url)'}\n", in: fixture)
      let list = try await fixture.run(words)
      #expect(list.status == 2)
      #expect(list.stderr.contains("--url and --instance cannot be combined"), "\(list.stderr)")
      #expect(fixture.simulator.requests.isEmpty)
    }
  }

  @Test func `a connect that fails keeps the DevLake in use, and everybody says so`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let yaml = "prod: {url: '\(fixture.simulator.url)'}\nstaging: {url: 'http://127.0.0.1:1'}\n"
      try name(yaml, in: fixture)
      let terminal = try fixture.terminal("--instance", "prod")
      try terminal.prompt("devlake@prod> ")
      for address in ["staging", "http://127.0.0.1:1", "http://127.0.0.1:65536"] {
        try terminal.type("connect \(address)\r")
        try terminal.prompt("devlake@prod> ")
      }
      try terminal.type("list --url http://127.0.0.1:1\r")
      try terminal.prompt("devlake@prod> ")
      try terminal.type("status\r")
      try terminal.expect("(instance prod)")
      try terminal.prompt("devlake@prod> ")
      try terminal.type("exit\r")
      #expect(try terminal.exitStatus() == 0)
      let script = try await fixture.run(["--instance", "prod", "-c", "status; connect staging"])
      #expect(script.status == 3)
      let kept = "still connected to \(fixture.simulator.url) (instance prod)"
      #expect(script.stderr.contains(kept), "\(script.stderr)")
    }
  }

  @Test func `a name that does not answer stands in the prompt`() async throws {
    try await ProgramFixture.with { fixture in
      try name("lab: {url: 'http://127.0.0.1:1'}\n", in: fixture)
      let terminal = try fixture.terminal("--instance", "lab")
      try terminal.prompt("devlake@lab (disconnected)> ")
      try terminal.type("connect http://127.0.0.1:2\r")
      try terminal.prompt("devlake@lab (disconnected)> ")
      try terminal.type("exit\r")
      #expect(try terminal.exitStatus() == 0)
    }
  }
}
