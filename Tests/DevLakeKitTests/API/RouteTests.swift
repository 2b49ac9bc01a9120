import Testing

@testable import DevLakeKit

/// That a route can lead nowhere but to the DevLake that is administered.
struct RouteTests {
  @Test(
    arguments: [
      ("/version", "/version", nil), ("/", "/", nil),
      ("/plugins?page=2&a=b?c", "/plugins", "page=2&a=b?c"),
      ("/projects/a%2Fb", "/projects/a%2Fb", nil), ("/projects/a b", "/projects/a%20b", nil),
      ("/projects/żółw", "/projects/%C5%BC%C3%B3%C5%82w", nil),
      ("/x/{y}|z", "/x/%7By%7D%7Cz", nil), ("/a..b/...", "/a..b/...", nil), ("/x?", "/x", ""),
    ] as [(String, String, String?)]
  )
  func `a path is taken as written, and what a URL must not hold is encoded`(
    _ text: String,
    _ path: String,
    _ query: String?
  ) throws {
    let route = try Route(text)
    #expect(route.path == path)
    #expect(route.query == query)
  }

  @Test(
    arguments: [
      ("http://other/version", "not a URL"), ("https://x", "not a URL"),
      ("version", "begins with '/'"),
      ("", "begins with '/'"), ("//other/version", "one '/'"), ("/../x", "'..'"),
      ("/a/%2e%2E/b", "'..'"), ("/a/.%2e", "'..'"), ("/a/./b", "'..'"), ("/x#y", "'#'"),
      ("/a%zz", "hexadecimal"), ("/a%2", "hexadecimal"), ("/a\nb", "control"),
      ("/a\u{1B}[m", "control"),
    ]
  )
  func `what could lead elsewhere is refused`(_ text: String, _ reason: String) {
    #expect {
      try Route(text)
    } throws: {
      ($0 as? Route.Mistake)?.reason.contains(reason) == true
    }
  }

  @Test func `a secret in the query is not shown`() throws {
    #expect(try Route("/x?pageToken=abc&page=2&token").shown == "/x?pageToken=***&page=2&token")
  }

  @Test func `it tells the plugin and the connection`() throws {
    let route = try Route("/plugins/github/connections/7/scopes")
    #expect(route.subject.plugin == "github")
    #expect(route.subject.id == 7)
    #expect(try Route("/blueprints/1").subject.plugin == nil)
  }
}
