import Testing

@testable import DevLakeKit

/// Run on release code these are about the compiler: see `Result.init(awaiting:)`.
@Suite struct ResultTests {
  private struct Refusal: Error, Equatable {
    let status: Int
    let text: String
  }

  @inline(never)
  private func row(_ id: Int) async throws(Refusal) -> String {
    await Task.yield()
    if id.isMultiple(of: 3) { throw Refusal(status: 500, text: "row \(id)") }
    return "connection \(id)"
  }

  @Test func `each child of a group keeps its index and its outcome`() async {
    for _ in 1...100 {
      let outcomes = await withTaskGroup(
        of: (Int, Result<String, Refusal>).self,
        returning: [Int: Result<String, Refusal>].self
      ) { group in
        for index in 0..<48 {
          group.addTask {
            let outcome = await Result(awaiting: { () async throws(Refusal) in
              try await row(index)
            })
            return (index, outcome)
          }
        }
        var outcomes: [Int: Result<String, Refusal>] = [:]
        for await (index, outcome) in group { outcomes[index] = outcome }
        return outcomes
      }
      #expect(outcomes.keys.sorted() == Array(0..<48))
      for (index, outcome) in outcomes {
        let expected: Result<String, Refusal> =
          index.isMultiple(of: 3)
          ? .failure(Refusal(status: 500, text: "row \(index)")) : .success("connection \(index)")
        #expect(outcome == expected)
      }
    }
  }

  @Test func `a task hands back the tuple it made`() async {
    for index in 0..<100 {
      let task = Task {
        let outcome = await Result(awaiting: { () async throws(Refusal) in try await row(index) })
        return (index, outcome)
      }
      let (number, outcome) = await task.value
      #expect(number == index)
      #expect((try? outcome.get()) == (index.isMultiple(of: 3) ? nil : "connection \(index)"))
    }
  }
}
