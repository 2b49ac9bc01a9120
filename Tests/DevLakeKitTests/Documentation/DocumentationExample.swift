import DevLakeKit

// The example of DevLakeKit.docc/DevLakeKit.md, letter for letter: a test compares the two.

func rotate(_ id: Int, to token: Secret, at text: String) async throws -> ChangeOutcome {
  let url = try ServerURL(text)
  let client = DevLakeClient(baseURL: url, transport: AsyncHTTPTransport())
  let devLake = try await Discovery(client: client).probe(url, source: .option)

  let changes = Changes(in: devLake.client)
  return try await changes.rotate(id, of: .github, to: token)
}
