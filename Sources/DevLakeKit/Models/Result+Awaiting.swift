extension Result {
  /// The outcome of a call that throws its errors typed.
  ///
  /// The one way to make a `Result` in a task's closure. Swift 6.3.1 at -O miscompiles a closure
  /// that is run as a task and returns a tuple out of `do throws(E) { … } catch { … }`: the memory it
  /// hands back is not the tuple, so an index comes out as a pointer. Here `do` is in a function
  /// and returns no tuple; `scripts/check-compiler` keeps the other shape out.
  package init(awaiting call: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await call())
    } catch {
      self = .failure(error)
    }
  }
}
