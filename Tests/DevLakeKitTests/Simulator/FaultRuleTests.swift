import DevLakeSimulator
import Testing

/// The text form of the rules.
@Suite("Fault rules")
struct FaultRuleTests {
  @Test(
    arguments: [
      ("*=hang", nil, "*", FaultRule.Occurrence.every, Fault.hang),
      ("GET /plugins=slow:250", "GET", "/plugins", .every, .slow(milliseconds: 250)),
      ("post /projects#2=lost", "POST", "/projects", .only(2), .afterwards(.close)),
      (
        "/a/**#3+=status:502:bad gateway", nil, "/a/**", .from(3), .status(502, body: "bad gateway")
      ),
      ("/a=status:500:{\"a\":1}", nil, "/a", .every, .status(500, body: "{\"a\":1}")),
      ("/a=after:cut:4", nil, "/a", .every, .afterwards(.cut(bytes: 4))),
      ("/a=retryafter", nil, "/a", .every, .retryAfter(seconds: 1)),
    ]
  )
  func `a rule's text is read part by part`(
    _ text: String,
    _ method: String?,
    _ path: String,
    _ occurrence: FaultRule.Occurrence,
    _ fault: Fault
  ) throws {
    let rule = try FaultRule(parsing: text)
    #expect(rule.method == method)
    #expect(rule.path == path)
    #expect(rule.occurrence == occurrence)
    #expect(rule.fault == fault)
  }

  @Test(
    arguments: [
      ("GET /a", "a rule is"), ("a=hang", "starts with / or *"), ("/a=explode", "no fault named"),
      ("/a#0=hang", "a number from 1"), ("/a=slow", "needs a number"),
      ("/a=slow:x", "needs a number"),
      ("/a=status:99", "from 200 to 599"), ("/a=after:", "no fault named"),
      ("GET x /a=hang", "starts with [METHOD ]PATH"),
    ]
  )
  func `a rule that cannot be read says what is wrong`(_ text: String, _ message: String) {
    let error = #expect(throws: FaultRule.Mistake.self) { try FaultRule(parsing: text) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test(
    arguments: [
      ("/plugins/*/connections", "/plugins/github/connections", true),
      ("/plugins/*/connections", "/plugins/github/connections/1", false),
      ("/plugins/*", "/plugins/github/connections", false),
      ("/plugins/**", "/plugins/github/connections", true),
      ("**/test", "/plugins/github/connections/1/test", true),
      ("/plugins/git*/connections/1", "/plugins/gitlab/connections/1", true),
      ("*", "/plugins/github/connections", true),
      ("/version", "/versions", false),
    ]
  )
  func `a star stands for one part of a path, two for any number`(
    _ pattern: String,
    _ path: String,
    _ matches: Bool
  ) async throws {
    let rule = FaultRule(path: pattern, fault: .status(418))
    let status = try await Simulator.with(faults: [rule]) { simulator in
      try SocketClient(simulator.url).send("GET", path).status
    }
    #expect((status == 418) == matches)
  }

  @Test(
    arguments: [("#1", [418, 200, 200]), ("#2", [200, 418, 200]), ("#2+", [200, 418, 418])]
  )
  func `only the requests whose turn it is meet the fault`(
    _ suffix: String,
    _ statuses: [Int]
  ) async throws {
    let rule = try FaultRule(parsing: "GET /version\(suffix)=status:418")
    try await Simulator.with(faults: [rule]) { simulator in
      let client = try SocketClient(simulator.url)
      let seen = try statuses.map { _ in try client.send("GET", "/version").status }
      #expect(seen == statuses)
    }
  }
}
