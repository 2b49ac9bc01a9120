import DevLakeKit

extension Output {
  /// The result without the secrets in use: data, and what people see of it, before it is laid out.
  func redacted(by redactor: Redactor) -> Output {
    var output = self
    output.data = redactor.hiding(data)
    output.failures = failures.map { redactor.hiding($0) }
    output.fields = fields?.map { redactor.hiding($0) }
    switch view {
    case .table(var table):
      table.rows = table.rows.map { $0.map { redactor.hiding($0) } }
      table.footer = table.footer.map { redactor.hiding($0) }
      output.view = .table(table)
    case .text(let text): output.view = .text(redactor.hiding(text))
    case .lines(let lines): output.view = .lines(lines.map { redactor.hiding($0) })
    case .page, .records, .json, .none: break
    }
    return output
  }
}
