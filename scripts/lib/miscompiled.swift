// The smallest program found that Swift 6.3.1 miscompiles at -O: it prints "right" at -Onone.
// Read by scripts/check-compiler, no part of the package.

struct Refusal: Error {
  let status: Int
  let text: String
}

@inline(never)
func ask(_ id: Int) async throws(Refusal) -> Bool {
  await Task.yield()
  if id % 3 == 0 { throw Refusal(status: 500, text: "row \(id)") }
  return true
}

func probe(_ ids: [Int]) async -> [Int] {
  await withTaskGroup(of: (Int, Result<Bool, Refusal>).self) { group in
    for (index, id) in ids.enumerated() {
      group.addTask {
        do throws(Refusal) {
          return (index, .success(try await ask(id)))
        } catch {
          return (index, .failure(error))
        }
      }
    }
    var found: [Int] = []
    for await (index, _) in group { found.append(index) }
    return found.sorted()
  }
}

@main struct Main {
  static func main() async {
    let found = await probe(Array(1...16))
    print(found == Array(0..<16) ? "right" : "wrong: \(found)")
  }
}
