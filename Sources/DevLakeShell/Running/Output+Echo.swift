import DevLakeKit

extension Output {
  /// Values as a result, as `echo` and `$name` give them: one alone is itself, several are a text of
  /// them.
  init(echoing values: [Value]) {
    let text = values.map { $0.text ?? Secret.placeholder }.joined(separator: " ")
    self.init(data: .string(text), view: .text(text))
    if values.count == 1, case .data(let data) = values[0], data.string == nil { self.data = data }
    isBare = true
  }
}
