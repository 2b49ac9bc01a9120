import DevLakeKit
import Testing

@testable import DevLakeShell

/// The manual names all that `help` names, in a form roff reads.
struct ManualPageTests {
  private let page = ManualPage(registry: .standard, version: "1.2.3", date: "2026-11-25").text

  @Test func `every command stands in it with its options, phrases and examples`() throws {
    let commands = try #require(page.range(of: ".SH \"COMMANDS\"\n")).upperBound
    for command in CommandRegistry.standard.commands {
      let signature = command.signature
      let heading = ".SS \"\(Roff.escaped(signature.usage))\"\n"
      let start = try #require(page[commands...].range(of: heading), "\(signature.name)").upperBound
      let rest = page[start...]
      let section = rest[..<(rest.range(of: "\n.S")?.lowerBound ?? rest.endIndex)]
      for option in signature.options {
        #expect(section.contains(Roff.escaped("--\(option.name)")), "\(signature.name)")
        #expect(section.contains(Roff.escaped(option.help, opensLine: true)), "\(signature.name)")
      }
      for phrase in signature.phrases {
        #expect(section.contains(phrase.joined(separator: " ")), "\(signature.name)")
      }
      for example in signature.examples {
        #expect(section.contains(Roff.escaped(example.input, opensLine: true) + "\n"))
      }
    }
  }

  @Test func `the program's options, those of every command and the pages on the language do, too`()
  {
    for option in Signature.program.options + Signature.common {
      #expect(page.contains("\\fB" + (option.short.map { "\\-\($0), " } ?? "")))
      #expect(page.contains(Roff.escaped("--\(option.name)") + "\\fR"))
    }
    for topic in LanguageTopic.all {
      #expect(page.contains(".SS \"\(Roff.escaped("\(topic.abstract) [\(topic.name)]"))\"\n"))
      for line in topic.text { #expect(page.contains(Roff.escaped(line, opensLine: true) + "\n")) }
      for example in topic.examples {
        #expect(page.contains(Roff.escaped(example.script, opensLine: true) + "\n"))
      }
    }
    for (code, meaning) in ExitCode.table {
      #expect(page.contains("\\fB\(code.rawValue)\\fR\n\(Roff.escaped(meaning))\n"))
    }
  }

  @Test func `it is ASCII, and a line begins with a macro only where one is meant`() {
    #expect(
      page.hasPrefix(".TH \"DEVLAKE\\-SHELL\" \"1\" \"2026-11-25\" \"devlake\\-shell 1.2.3\"")
    )
    #expect(page.utf8.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 < 0x7F })
    let macros: Set = ["TH", "SH", "SS", "PP", "TP", "RS 4", "RE", "EX", "EE", "br"]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      let name = line.dropFirst().prefix { $0 != "\"" }.drop { $0 == " " }
      #expect(macros.contains(String(name).trimmed), "\(line)")
    }
    #expect(!page.contains("\n\n"))
  }

  @Test(arguments: [
    (".TH is no macro here", "\\&.TH is no macro here"), ("'tis", "\\&\\(aqtis"),
    ("--json \\n", "\\-\\-json \\en"), ("a \"b\" ~ c^", "a \\(dqb\\(dq \\(ti c\\(ha"),
    ("… → 😀", "\\[u2026] \\[u2192] \\[u1F600]"),
  ])
  func `what roff would take for its own is escaped`(_ text: String, _ expected: String) {
    #expect(Roff.escaped(text, opensLine: true) == expected)
  }
}

extension String {
  fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }

  /// The first place of a text.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
