import DevLakeKit

// The example of DevLakeKit.docc/DevLakeKit.md, letter for letter: a test compares the two.

func rotate(_ id: Int, to token: Secret, at text: String) async throws -> Verdict {
  let url = try ServerURL(text)
  let client = DevLakeClient(baseURL: url, transport: AsyncHTTPTransport())
  let devLake = try await Discovery(client: client).probe(url, source: .option)
  let connection = try await devLake.client.connection(id, of: .github)

  var change = RequestBody()
  change["token"] = .secret(token)
  let administrator = Administrator(client: devLake.client)
  let verdict = try await administrator.test(connection, replacing: change, of: .github)
  if verdict.outcome == .passed {
    _ = try await administrator.change(connection, change, of: .github)
  }
  return verdict
}
