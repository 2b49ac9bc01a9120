import Testing

@testable import DevLakeShell
@testable import ShellLanguage

/// What holds for every program of the grammar, tried on random ones.
@Suite struct ProgramOracleTests {
  @Test
  func
    `every production comes at least a hundred times, and each program is read as it is printed`()
    throws
  {
    var generator = ProgramGenerator(seed: 1)
    for _ in 0..<100 {
      let text = generator.program(statements: 60)
      let result = Parser.parse(SourceText(name: "random.lake", text: text))
      try #require(result.allMistakes == [], "\(text)")
      let printed = ScriptPrinter.print(result.script)
      let again = Parser.parse(SourceText(name: "printed.lake", text: printed))
      try #require(again.allMistakes == [], "\(printed)")
      let isSame = again.script.withoutSpans == result.script.withoutSpans
      try #require(isSame, "\(text)\nprinted as\n\(printed)")
    }
    for production in ProgramGenerator.productions {
      #expect(generator.counts[production, default: 0] >= 100, "\(production)")
    }
  }

  @Test(arguments: 2...13)
  func `a program gives the same bytes and the same code through every door`(seed: Int) async throws
  {
    var generator = ProgramGenerator(seed: UInt64(seed))
    let text = generator.program(statements: 24)
    let harness = ScriptHarness(files: ["a.lake": text])
    let expected = try await harness.run(["-f", "a.lake"])
    #expect(!expected.output.isEmpty)
    let doors = [
      try await harness.run(["-c", text]), try await harness.run([], input: text),
      try await harness.run(["-f", "-"], input: text),
      try await harness.run(["include", "a.lake"]),
    ]
    for (index, door) in doors.enumerated() {
      #expect(door.output == expected.output, "door \(index): \(text)")
      #expect(door.code == expected.code, "door \(index): \(door.messages)\(text)")
    }
    let check = try await harness.run(["--check", "-f", "a.lake"])
    #expect(check.code == 0, "\(check.messages)\(text)")
  }

  @Test
  func `a program with a character too many or too few is whole, or has mistakes with places`()
    throws
  {
    var generator = ProgramGenerator(seed: 99)
    var random = Seeded(seed: 5)
    var mistaken = 0
    for _ in 0..<300 {
      var bytes = Array(generator.program(statements: 6).utf8)
      let place = Int(random.next() % UInt64(bytes.count))
      if random.next() % 2 == 0 {
        bytes.remove(at: place)
      } else {
        let signs = Array("{}()[]$'\"\\|&><=!~;#,.-".utf8)
        bytes.insert(signs[Int(random.next() % UInt64(signs.count))], at: place)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let result = Parser.parse(SourceText(name: "random.lake", text: text))
      let mistakes = result.allMistakes
      if !mistakes.isEmpty { mistaken += 1 }
      for mistake in mistakes {
        #expect(mistake.span.lower <= mistake.span.upper && mistake.span.upper <= text.utf8.count)
        #expect(!mistake.message.isEmpty)
      }
    }
    #expect(mistaken > 100)
  }
}
