import Foundation
import Testing

@testable import DevLakeShell
@testable import LineEditing

struct PageLayoutTests {
  private static let page = [
    "test [SEL…] [--where 'FIELD OP VALUE']", "",
    "      --where 'FIELD OP VALUE'  only connections of which this is true",
    "  list     List connections, of the selected plugin or of all", "",
    "Examples", "  test github/1 github/2 --where 'name ~ org' --parallel 3",
  ]

  @Test func `what is too long goes on below where its text began`() {
    #expect(
      PageLayout.rows(Self.page, width: 40) == [
        "test [SEL…] [--where 'FIELD OP VALUE']", "",
        "      --where 'FIELD OP VALUE'",
        "          only connections of which this",
        "          is true",
        "  list     List connections, of the",
        "           selected plugin or of all", "",
        "Examples", "  test github/1 github/2 --where 'name ~ org' --parallel 3",
      ]
    )
  }

  @Test(arguments: [nil, 200]) func `paragraphs are never wider than is read well`(width: Int?) {
    let paragraph = "  " + Array(repeating: "word", count: 20).joined(separator: " ")
    let rows = PageLayout.rows([paragraph], width: width)
    #expect(rows.map(\.count) == [76, 26])
    #expect(rows.allSatisfy { $0.hasPrefix("  word") })
  }

  @Test(arguments: [nil, 100]) func `what fits stays as it is`(width: Int?) {
    #expect(PageLayout.rows(Self.page, width: width) == Self.page)
  }

  @Test func `no page of help is wrapped by an ordinary screen`() {
    let medium = Medium(width: 80, isTerminal: true)
    for command in CommandRegistry.standard.commands {
      let output = HelpText.command(command.signature)
      let text = TableRenderer().render(output, for: medium)
      let reference = text.components(separatedBy: "\nExamples\n").first ?? ""
      for row in reference.split(separator: "\n") {
        #expect(DisplayWidth.cells(of: String(row)) <= 80, "\(command.signature.name): \(row)")
      }
    }
  }
}
