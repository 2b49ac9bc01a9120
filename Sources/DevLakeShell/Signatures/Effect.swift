/// What an option does outside the shell and DevLake.
///
/// Together with ``WayOut`` this is the one list of how anything leaves the shell. An option that
/// writes a file or starts a program says so in its signature; the binder refuses it in a restricted
/// shell, and its file is looked at before the command runs.
enum Effect: Sendable, Equatable {
  /// Makes the file it names; one that exists is never replaced.
  case makesFile
  /// Writes a file of the shell's own settings.
  case writesSettings
  /// Runs the text it is given as a program.
  case startsProgram
}

/// The forms of the language that leave the shell, refused with `--restricted` like the options with
/// an ``Effect``.
///
/// What stays in a restricted shell are the files of its own, at places no word of a command can
/// choose: the audit log, the history, the addresses that were confirmed, the state file of the
/// current folder and its lock. An env file is read there but never changed: any file can be named as
/// one, and taking used keys out of it would rewrite it. The pager is off.
enum WayOut: String, CaseIterable {
  case redirection
  case pipe = "a pipe"
  case system = "'!'"
  case secretCommand = "'cmd:'"
}
