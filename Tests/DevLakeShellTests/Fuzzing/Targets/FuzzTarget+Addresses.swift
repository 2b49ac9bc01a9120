import AsyncHTTPClient
import Foundation
import Testing

@testable import DevLakeKit
@testable import DevLakeShell

/// Where requests go.
extension FuzzTarget {
  /// The host that is trusted, the host that is shown and the host the HTTP client connects to are
  /// one, and so are their ports.
  static let addresses = FuzzTarget(
    name: "addresses",
    words: [
      "http://", "HTTPS://", "://", ":", "/", "//", "?", "#", "@", "\\", "%", "%2F", "%40", "%2e",
      "%25", "%00", "[", "]", "::1", "fe80::1%25lo", "127.0.0.1", "192.0.2.2:19191", "0x7f.1",
      "2130706433", "devlake.corp", ":8080", ":65535", ":65536", ":0", ":00000000000000000080",
      "..",
      ".", "/api", "/rest", "localhost", "xn--bcher-kva", "é", "\u{301}", "\u{FF0E}", "\u{3002}",
      "\u{200B}", "\u{202E}", "\t", " ", "\n", "\0", "user:pass@", "-", "_", "+", "*", ";", "&",
    ],
    check: { checkAddress }
  )

  @Sendable
  private static func checkAddress(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let url: ServerURL
    do throws(ServerURLMistake) {
      url = try ServerURL(typed: text)
    } catch {
      #expect(!error.reason.isEmpty, shown(input))
      #expect(ServerText.line(error.description) == error.description, shown(input))
      return
    }
    #expect(url.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") })
    #expect((1...65535).contains(url.port), shown(input))
    // What is shown is what was read.
    let again = try? ServerURL(url.text)  // compared below
    #expect(again?.text == url.text, shown(input))
    #expect(again?.host == url.host && again?.port == url.port, shown(input))
    checkRequest(of: url, input)
    checkTrust(in: url, input)
  }

  /// Whom the client asks.
  private static func checkRequest(of url: ServerURL, _ input: [UInt8]) {
    let requested = url.text + "/version"
    let host: String
    do {
      let request = try HTTPClient.Request(url: requested)
      host = request.host.filter { $0 != "[" && $0 != "]" }
      #expect(request.port == url.port, shown(input))
      #expect(request.scheme == url.scheme.rawValue, shown(input))
    } catch {
      Issue.record(error, shown(input))
      return
    }
    #expect(host == url.host, shown(input))
    let foundation = URLComponents(string: requested)
    #expect(foundation?.user == nil && foundation?.query == nil, shown(input))
    #expect(foundation?.percentEncodedPath == url.path + "/version", shown(input))
    let address = String(url.origin.dropFirst(url.scheme.rawValue.utf8.count + 3))
    #expect(ServerURL.address(ofRequest: requested) == address, shown(input))
  }

  /// Whom the trust in one address lets in.
  private static func checkTrust(in url: ServerURL, _ input: [UInt8]) {
    guard let trusted = try? ServerURL("http://devlake.corp:8080") else { return }
    if url.isSameInstance(as: trusted) {
      #expect(url.host == "devlake.corp" && url.port == 8080, shown(input))
      #expect(["", "/api", "/rest", "/api/rest"].contains(url.path), shown(input))
    }
    if url.isLoopback {
      let isName = url.host == "localhost" || url.host.hasSuffix(".localhost")
      #expect(isName || url.host.hasPrefix("127.") || url.host.contains("::"), shown(input))
    }
  }
}
