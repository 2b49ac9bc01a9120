import Testing

@testable import DevLakeKit

/// Which proxy leads where, beside what curl 7.88 and Go's httpproxy do with the same variables.
struct ProxyVariablesTests {
  @Test(
    arguments: [
      (["http_proxy": "http://p:3128"], "http://lake.example:8080", "p:3128"),
      (["HTTP_PROXY": "http://p:3128"], "http://lake.example:8080", "p:3128"),
      (["HTTP_PROXY": "http://upper", "http_proxy": "lower:1"], "http://lake.example", "lower:1"),
      (["HTTPS_PROXY": "http://p:3128"], "https://lake.example", "p:3128"),
      (["HTTPS_PROXY": "http://p:3128"], "http://lake.example", nil),
      (["ALL_PROXY": "p"], "https://lake.example", "p:1080"),
      (["all_proxy": "a:1", "https_proxy": "s:2"], "https://lake.example", "s:2"),
      (["http_proxy": ""], "http://lake.example", nil),
      (["http_proxy": "http://[::1]:3128"], "http://lake.example", "[::1]:3128"),
      (["http_proxy": "p:1"], "http://localhost:8080", nil),
      (["http_proxy": "p:1"], "http://127.0.0.53:8080", nil),
      (["http_proxy": "p:1"], "http://[::1]:8080", nil),
      (["http_proxy": "p:1"], "http://127.example.org", "p:1"),
    ] as [([String: String], String, String?)]
  )
  func `the variables name the proxy`(
    environment: [String: String],
    url: String,
    expected: String?
  ) throws {
    #expect(
      try ProxyVariables(environment: environment).proxy(for: ServerURL(url))?.address == expected
    )
  }

  @Test(
    arguments: [
      ("*", "lake.example", true),
      ("*,x", "lake.example", true),
      ("*.example", "lake.example", true),
      ("*.example", "example.org", false),
      ("\texample.ORG ,\n EXAMPLE", "lake.example", true),
      ("example:8080", "lake.example", true),
      ("lake.example:80", "lake.example", false),
      (".example:8080", "lake.example", true),
      ("10.1.2.3:8080", "10.1.2.3", true),
      ("10.1.2.3:80", "10.1.2.3", false),
      ("[fd00::1]:8080", "fd00::1", true),
      ("[fd00::1]:80", "fd00::1", false),
      ("[fd00::1]", "fd00::1", true),
      ("lake.example", "notlake.example", false),
      ("lake.example", "lake.example", true),
      ("lake.example", "LAKE.Example", true),
      ("lake.example.", "lake.example", true),
      ("lake.example", "lake.example.", true),
      ("example", "lake.example", true),
      (".example", "lake.example", true),
      (".example", "example", true),
      ("ample", "lake.example", false),
      ("other, example", "lake.example", true),
      ("other example", "lake.example", true),
      (",,", "lake.example", false),
      (".", "lake.example", false),
      ("10.1.2.3", "10.1.2.3", true),
      ("10.0.0.0/8", "10.1.2.3", true),
      ("10.0.0.0/9", "10.200.2.3", false),
      ("2.3", "10.1.2.3", false),
      ("fd00::/8", "fd12::1", true),
      ("fd00::1", "fd00:0::1", true),
      ("10.0.0.0/33", "10.1.2.3", false),
    ]
  )
  func `NO_PROXY compares as curl and Go do`(list: String, host: String, isKept: Bool) {
    #expect(NoProxyList(list).contains(host, port: 8080) == isKept)
  }

  @Test(
    arguments: [
      ("http://lake.example", "lake.example:80", true),
      ("https://lake.example", "lake.example:443", true),
      ("https://lake.example", "lake.example:80", false),
    ]
  )
  func `a URL without a port has its scheme's`(url: String, list: String, isKept: Bool) throws {
    let rules = ProxyVariables(environment: ["all_proxy": "p:1", "NO_PROXY": list])
    #expect(try (rules.proxy(for: ServerURL(url)) == nil) == isKept)
  }

  @Test func `lower case no_proxy comes first`() throws {
    let rules = ProxyVariables(
      environment: ["http_proxy": "p:1", "no_proxy": "other", "NO_PROXY": "lake.example"]
    )
    #expect(try rules.proxy(for: ServerURL("http://lake.example")) != nil)
  }

  @Test func `a proxy's user and password are taken out of its URL`() throws {
    let rules = ProxyVariables(environment: ["http_proxy": "http://ada:p%40ss@p:3128"])
    let proxy = try #require(try rules.proxy(for: ServerURL("http://lake.example")))
    #expect(proxy.credentials?.username == "ada")
    #expect(proxy.credentials?.password.reveal { $0 } == "p@ss")
    #expect(!"\(proxy)".contains("p@ss"))
  }

  @Test(
    arguments: [
      ("https://u:secret@p:1", "only http://"), ("socks5://p:1", "only http://"),
      ("http://:1", "has no host"), ("p:99999", "the port is 99999"),
      ("p:0", "the port is 0"), ("http://u:secret@p:65536", "the port is 65536"),
      ("http://u:sec/ret@p:1", "'@' after the host"), ("p:1?secret", "'?'"),
      ("p\\secret", "a backslash"), ("http://u:sec@ret@p", "as %40"),
      ("p:184467440737095516162", "a number of 21 digits"),
    ]
  )
  func `a proxy that cannot be used is named by its variable, not its value`(
    value: String,
    reason: String
  ) {
    let rules = ProxyVariables(environment: ["http_proxy": value])
    let mistake = #expect(throws: ProxyMistake.self) {
      try rules.proxy(for: ServerURL("http://lake.example"))
    }
    #expect(mistake?.description.contains("$http_proxy") == true)
    #expect(mistake?.description.contains(reason) == true)
    #expect(mistake?.description.contains("secret") == false)
  }
}
