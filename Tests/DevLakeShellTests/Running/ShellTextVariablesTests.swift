import Testing

@testable import DevLakeShell

struct ShellTextVariablesTests {
  @Test(arguments: [
    "echo $v", "echo ${v}", "echo \"a $v\"", "echo ${#v}", "echo ${v:-x}", "echo \"it's $v\"",
    "x=$v; echo", "echo 'a' $v",
  ])
  func `a text uses the variable`(_ text: String) {
    #expect(ShellTextVariables(in: text).names("v"))
  }

  @Test(arguments: [
    "echo v", "echo '$v'", "echo \\$v", "echo $vv", "v=1; echo $v",
    "for v in a b; do echo $v; done",
    "read -r v; echo $v", "echo $1 $?",
  ])
  func `a text does not want it from outside`(_ text: String) {
    #expect(!ShellTextVariables(in: text).names("v"))
  }
}
