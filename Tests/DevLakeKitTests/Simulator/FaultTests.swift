import DevLakeKit
import DevLakeSimulator
import Testing

/// What goes wrong on the way, byte by byte.
@Suite("Faults of the simulator")
struct FaultTests {
  private static let list = "/plugins/github/connections"

  private func reply(to fault: String) async throws -> SocketClient.Reply {
    try await Simulator.with(
      seed: .demo,
      faults: [FaultRule(parsing: "GET \(Self.list)=\(fault)")]
    ) { simulator in
      try SocketClient(simulator.url).send("GET", Self.list)
    }
  }

  @Test(
    arguments: [
      ("status:502", 502, "injected fault"), ("status:503:busy", 503, "busy"),
      ("empty500list", 500, "[]"), ("migrating", 428, "New migration scripts detected"),
      ("html", 200, "<html>"), ("garbage", 200, "%$garbage"), ("redirect301", 301, "Moved"),
      ("retryafter:7", 429, "too many requests"), ("deep", 200, "[[[["),
    ]
  )
  func `a wrong answer has the status and the body its rule names`(
    _ fault: String,
    _ status: Int,
    _ text: String
  ) async throws {
    let reply = try await reply(to: fault)
    #expect(reply.status == status)
    #expect(reply.text.contains(text))
  }

  @Test func `429 says when to come back and 301 where to go`() async throws {
    #expect(try await reply(to: "retryafter:7").header("retry-after") == "7")
    #expect(try await reply(to: "redirect301").header("location") == Self.list + "/")
    #expect(try await reply(to: "html").header("content-type")?.hasPrefix("text/html") == true)
  }

  @Test func `bytes that are no UTF-8 reach the client as they are`() async throws {
    let body = try await reply(to: "notutf8").body
    #expect(body.contains(0xFF))
    #expect(String(validating: body, as: UTF8.self) == nil)
  }

  @Test(arguments: [0, 1, 40])
  func `a cut answer ends after the bytes its rule names`(_ count: Int) async throws {
    let error = await #expect(throws: SocketClient.Ending.self) {
      try await reply(to: "cut:\(count)")
    }
    guard case .closed(let bytes) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let body = try #require(text.firstRange(of: "\r\n\r\n"))
    #expect(text[body.upperBound...].utf8.count == count)
  }

  @Test(
    arguments: [
      ("close", SocketClient.Ending.closed(after: [])), ("reset", .reset), ("hang", .silent),
    ]
  )
  func `a lost answer is closed, reset or never comes`(
    _ fault: String,
    _ ending: SocketClient.Ending
  ) async throws {
    try await Simulator.with(faults: [FaultRule(parsing: "*=\(fault)")]) { simulator in
      var client = try SocketClient(simulator.url)
      client.patience = 1
      #expect(throws: ending) { try client.send("GET", "/version") }
      #expect(simulator.requests.map(\.path) == ["/version"])
      #expect(simulator.requests.map(\.status) == [nil])
    }
  }

  @Test func `after a refusal nothing listens any more`() async throws {
    try await Simulator.with(faults: [FaultRule(parsing: "/version#2=refuse")]) { simulator in
      var client = try SocketClient(simulator.url)
      client.patience = 1
      #expect(try client.send("GET", "/version").status == 200)
      #expect(throws: SocketClient.Ending.closed(after: [])) {
        try client.send("GET", "/version")
      }
      // Another test's server may get the port at once; the request never comes here.
      #expect(throws: SocketClient.Ending.self) { try client.send("GET", "/version") }
      #expect(simulator.requests.count == 2)
    }
  }

  @Test(
    arguments: [
      ("lost", 1), ("after:reset", 1), ("after:status:502", 1), ("cut:3", 1),
      ("close", 0), ("reset", 0), ("status:502", 0),
    ]
  )
  func `a write is carried out before its answer is lost, and not at all before a plain fault`(
    _ fault: String,
    _ stored: Int
  ) async throws {
    let rule = try FaultRule(parsing: "POST /plugins/*/connections=\(fault)")
    try await Simulator.with(faults: [rule]) { simulator in
      let body = #"{"name":"one","endpoint":"https://gitlab.com/api/v4/","token":"glpat-1"}"#
      // Whether there is an answer at all is the fault's business, not this test's.
      _ = try? SocketClient(simulator.url).send(
        "POST",
        "/plugins/gitlab/connections",
        body: Array(body.utf8)
      )
      #expect(simulator.connections("gitlab").count == stored)
      #expect(simulator.requests.count == 1)
    }
  }

  @Test func `a slow answer is the right one, only later`() async throws {
    try await Simulator.with(faults: [FaultRule(parsing: "/version=slow:150")]) { simulator in
      #expect(try SocketClient(simulator.url).send("GET", "/version").status == 200)
      let request = try #require(simulator.requests.first)
      #expect(request.end - request.start >= 150)
    }
  }

  @Test func `a test whose service hangs never ends`() async throws {
    try await Simulator.with { simulator in
      var client = try SocketClient(simulator.url)
      client.patience = 1
      let body = #"{"endpoint":"http://127.0.0.1:9310/hang/gitlab/","token":"t"}"#
      #expect(throws: SocketClient.Ending.silent) {
        try client.send("POST", "/plugins/gitlab/test", body: Array(body.utf8))
      }
    }
  }

  @Test func `faults can be changed while the simulator serves`() async throws {
    try await Simulator.with { simulator in
      let client = try SocketClient(simulator.url)
      #expect(try client.send("GET", "/version").status == 200)
      simulator.setFaults([FaultRule(path: "/version", fault: .status(500))])
      #expect(try client.send("GET", "/version").status == 500)
      simulator.setFaults([])
      #expect(try client.send("GET", "/version").status == 200)
    }
  }
}
