import DevLakeKit
import ShellLanguage

/// `$(( … ))`: whole numbers, exact or an error.
extension Expansion {
  func number(of sum: Sum) throws(Failure) -> Int {
    switch sum {
    case .number(let number): return number
    case .operand(let part): return try number(of: part)
    case .negated(let inner, let span):
      let (result, overflows) = 0.subtractingReportingOverflow(try number(of: inner))
      guard !overflows, result != .min else { throw tooLarge(at: span) }
      return result
    case .chain(let first, let steps):
      var result = try number(of: first)
      for step in steps { result = try apply(step, to: result) }
      return result
    }
  }

  private func apply(_ step: Sum.Step, to left: Int) throws(Failure) -> Int {
    let right = try number(of: step.operand)
    let (result, overflows): (Int, Bool)
    switch step.sign.value {
    case .plus: (result, overflows) = left.addingReportingOverflow(right)
    case .minus: (result, overflows) = left.subtractingReportingOverflow(right)
    case .times: (result, overflows) = left.multipliedReportingOverflow(by: right)
    case .over, .modulo:
      guard right != 0 else { throw failure("division by zero", at: step.sign.span) }
      (result, overflows) =
        step.sign.value == .over
        ? left.dividedReportingOverflow(by: right)
        : left.remainderReportingOverflow(dividingBy: right)
    }
    guard !overflows, result != .min else { throw tooLarge(at: step.sign.span) }
    return result
  }

  private func tooLarge(at span: SourceSpan) -> Failure {
    failure("the result exceeds the largest number, \(Int.max)", at: span)
  }

  private func number(of part: Word.Part) throws(Failure) -> Int {
    let value = try value(of: Word(parts: [part], span: part.span))
    switch value {
    case .data(.number(let text)), .data(.string(let text)):
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        guard let number = Int(text), number != .min else { throw tooLarge(at: part.span) }
        return number
      }
    case .data, .secret: break
    }
    throw failure(
      "expected a whole number, not \(value.shortDescription)",
      at: part.span,
      help: value.isAbsent ? "write ${NAME:-0} if it can be missing" : nil
    )
  }
}
