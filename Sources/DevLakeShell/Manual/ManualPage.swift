import DevLakeKit

/// The manual page, `devlake-shell(1)`, made from the signatures and pages that `help` shows.
struct ManualPage {
  let registry: SignatureRegistry
  let version: String
  /// When it was made, `2026-11-25`; empty leaves it out.
  var date = ""

  /// The page in roff.
  var text: String {
    var page = Roff()
    page.title("DEVLAKE-SHELL", date: date, version: "devlake-shell \(version)")
    opening(&page)
    page.macro("SH", "OPTIONS")
    page.line("They come before the command.")
    for option in Signature.program.options { entry(option, &page) }
    page.macro("SH", "COMMANDS")
    page.line("Every command also takes the options below \(Self.commonHeading).")
    for topic in Signature.Topic.allCases {
      for signature in registry.signatures where signature.topic == topic {
        command(signature, &page)
      }
    }
    page.macro("SH", Self.commonHeading)
    for option in Signature.common + [Signature.on] { entry(option, &page) }
    page.macro("SH", "LANGUAGE")
    page.line("'help' with the word in brackets shows each of these pages as well.")
    for topic in LanguageTopic.all { self.topic(topic, &page) }
    closing(&page)
    return page.text
  }

  private static let commonHeading = "OPTIONS OF EVERY COMMAND"

  private func opening(_ page: inout Roff) {
    let signature = Signature.program
    page.macro("SH", "NAME")
    page.line("devlake-shell - \(signature.abstract.lowercasedFirst)")
    page.macro("SH", "SYNOPSIS")
    for (index, door) in ProgramHelp.doors.enumerated() {
      if index > 0 { page.macro("br") }
      page.line(door.words)
    }
    page.macro("SH", "DESCRIPTION")
    page.line(
      "devlake-shell administers the connections through which Apache DevLake collects data: at a "
        + "prompt, as one command, from a file or through a pipe."
    )
    for door in ProgramHelp.doors { page.entry(door.words, "", door.meaning) }
  }

  private func command(_ signature: Signature, _ page: inout Roff) {
    page.macro("SS", signature.usage)
    page.line(HelpText.sentence(signature.abstract))
    if !signature.discussion.isEmpty { page.paragraph(signature.discussion) }
    if !signature.phrases.isEmpty {
      page.paragraph(
        "Also: " + signature.phrases.map { $0.joined(separator: " ") }.joined(separator: ", ")
      )
    }
    for option in signature.options { entry(option, &page) }
    if !signature.examples.isEmpty {
      page.paragraph("Examples:")
      page.example(signature.examples.flatMap { ["# \($0.purpose)", $0.input] })
    }
  }

  private func entry(_ option: Signature.Option, _ page: inout Roff) {
    let short = option.short.map { "-\($0), " } ?? ""
    page.entry("\(short)--\(option.name)", option.placeholder, option.help)
  }

  private func topic(_ topic: LanguageTopic, _ page: inout Roff) {
    page.macro("SS", "\(topic.abstract) [\(topic.name)]")
    var lines: [String] = []
    for (index, paragraph) in topic.text.enumerated() {
      if paragraph.hasPrefix(" ") {
        lines.append(paragraph)
        continue
      }
      if !lines.isEmpty { page.example(lines) }
      lines = []
      if index == 0 { page.line(paragraph) } else { page.paragraph(paragraph) }
    }
    if !lines.isEmpty { page.example(lines) }
    page.paragraph("Examples:")
    page.example(topic.examples.map(\.script))
  }

  private func closing(_ page: inout Roff) {
    page.macro("SH", "EXIT STATUS")
    for (code, meaning) in ExitCode.table { page.entry("\(code.rawValue)", "", meaning) }
    page.macro("SH", "ENVIRONMENT")
    for (name, meaning) in Self.variables { page.entry(name, "", meaning) }
    for plugin in PluginRegistry.standard.plugins {
      let names = plugin.tokenVariables + plugin.usernameVariables
      guard !names.isEmpty else { continue }
      page.entry(names.joined(separator: ", "), "", "credentials for \(plugin.displayName)")
    }
    page.macro("SH", "FILES")
    for (path, meaning) in Self.files { page.entry(path, "", meaning) }
  }

  private static let variables = [
    ("DEVLAKE_URL", "the DevLake to use if neither --url nor --instance is given"),
    ("DEVLAKE_API_KEY", "a DevLake API key, if --api-key is not given"),
    ("HTTP_PROXY, HTTPS_PROXY, NO_PROXY", "the proxy for DevLake, and hosts reached without it"),
    (
      "SSL_CERT_FILE, SSL_CERT_DIR",
      "the CAs to trust instead of the system's, without --ca-cert"
    ),
    ("NO_COLOR, CLICOLOR_FORCE", "no color, and color without a terminal"),
    ("PAGER", "the program that shows results taller than the screen"),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME", "the folders of the files below"),
  ]

  private static let files = [
    (".devlake.env", "tokens for one use; see LANGUAGE, env-file"),
    (
      ".devlake-azure.json, .devlake-local.json",
      "the DevLake of the folder, and what DevLake "
        + "does not store about its connections"
    ),
    ("$XDG_CONFIG_HOME/devlake-shell/instances.yaml", "named DevLakes, for --instance"),
    ("$XDG_CONFIG_HOME/devlake-shell/rc.lake", "run before the first prompt"),
    ("$XDG_STATE_HOME/devlake-shell/history", "the command history, without secrets"),
  ]
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
