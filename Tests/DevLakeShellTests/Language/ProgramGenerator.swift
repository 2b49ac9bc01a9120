/// Random programs of the whole grammar, which need no DevLake and come to an end.
///
/// Every production is counted; the one that came least so far is the likeliest, so that a few programs
/// have all of them often.
struct ProgramGenerator {
  private(set) var counts: [String: Int] = [:]
  private var random: Seeded
  private var names = 0
  /// The variables of the loops and definitions around.
  private var locals: [String] = []
  private var loopDepth = 0
  private var isInDefinition = false
  private var defined: [(name: String, parameters: Int)] = []

  init(seed: UInt64) { random = Seeded(seed: seed) }

  /// What every program begins with: a value of each kind.
  static let prelude = """
    let n = 3; let t = 'some text'; let i = 1; let k = m
    let l = $[ echo a; echo b; echo c ]
    let r = $(parse '{"m":"v","o":2}' --as json)

    """

  /// The names of the productions; the grammar's own where it has one.
  static let productions = statements.map(\.name) + words + conditions + sums + comparisons

  mutating func program(statements count: Int) -> String {
    (locals, loopDepth, isInDefinition, defined) = ([], 0, false, [])
    var text = Self.prelude
    for _ in 0..<count { text += statement(depth: 0) + "\n" }
    return text
  }

  private typealias Production = (
    name: String, write: @Sendable (inout ProgramGenerator, Int) -> String
  )

  private static let statements: [Production] = [
    ("let", { it, depth in "let x\(it.fresh()) = \(it.word(depth))" }),
    ("let --secret", { it, _ in "let --secret s\(it.fresh()) = text:abc" }),
    ("for words", { it, depth in it.loop("\(it.word(depth)) \(it.word(depth))", depth) }),
    ("for list", { it, depth in it.loop("$l", depth) }),
    ("for k, v", { it, depth in it.pairs(depth) }),
    ("while", { it, depth in it.repetition(depth) }),
    ("if", { it, depth in "if \(it.condition(depth)) \(it.block(depth))" }),
    (
      "else",
      { it, depth in "if \(it.condition(depth)) \(it.block(depth)) else \(it.block(depth))" }
    ),
    (
      "else if",
      { it, depth in
        "if \(it.condition(depth)) \(it.block(depth)) else if \(it.condition(depth)) \(it.block(depth))"
      }
    ),
    ("try", { it, depth in "try \(it.block(depth))" }),
    ("try else", { it, depth in "try { parse '{' --as json } else \(it.block(depth))" }),
    ("def", { it, depth in it.definition(depth) }),
    ("call", { it, depth in it.call(depth) }),
    ("return", { it, depth in it.isInDefinition ? "return \(it.word(depth))" : it.echo(depth) }),
    ("break", { it, depth in it.loopDepth > 0 ? "break" : it.echo(depth) }),
    ("continue", { it, depth in it.loopDepth > 0 ? "continue" : it.echo(depth) }),
    ("block goes", { it, depth in "\(it.block(depth)) | tr a b" }),
    ("if goes", { it, depth in "if true \(it.block(depth)) > f.txt" }),
    ("for goes", { it, depth in it.loop("$l", depth) + " >> g.txt" }),
    ("value", { it, depth in it.expansion(depth) }),
    ("value goes", { it, depth in "\(it.expansion(depth)) | cat" }),
    (
      "!",
      { it, _ in it.pick(["!echo \"$t\" \"$n\"", "!( echo a; echo b ) | tr a c", "!printf 'x\\n'"])
      }
    ),
    ("and", { it, depth in "\(it.echo(depth)) && \(it.echo(depth))" }),
    ("or", { it, depth in "parse '{' --as json || \(it.echo(depth))" }),
    ("> file", { it, depth in "\(it.echo(depth)) > f.txt\n!cat f.txt" }),
    (">> file", { it, depth in "\(it.echo(depth)) >> g.txt" }),
    ("|", { it, depth in "\(it.echo(depth)) | tr a b" }),
    ("command", { it, depth in it.echo(depth) }),
    (
      "option",
      { it, depth in "\(it.echo(depth)) --output \(it.pick(["json", "yaml", "csv", "tsv"]))" }
    ),
    ("comment", { it, depth in "\(it.echo(depth)) # and; a 'comment" }),
    ("joined line", { it, depth in "echo a \\\n  \(it.word(depth))" }),
    ("parse", { _, _ in "parse 'a,b\n1,\"x, y\"' --as csv --output json" }),
    ("read", { _, _ in "echo data > d.txt; read d.txt --as lines" }),
  ]

  private static let words = [
    "plain", "escaped", "'…'", "\"…\"", "$name", "${name}", "${a.b}", "${a[0]}", "${a[$i]}",
    "${a[$k]}",
    "${#a}", "${a:-b}", "${a:-$b}", "$( )", "$[ ]", "$(( ))", "\"$( )\"", "escapes", "$today",
  ]

  private mutating func word(_ depth: Int) -> String {
    let isDeep = depth > 3
    switch choose(isDeep ? Array(Self.words.prefix(12)) : Self.words) {
    case "plain": return pick(["a", "b-c", "x/y", "7", "-0.5", "true", "a=b", "é😀", "[", "a]"])
    case "escaped": return pick(["a\\ b", "\\$x", "\\#a", "\\{"])
    case "'…'": return pick(["''", "'a b'", "'$x \"y\"'", "'# ; | }'", "'\n'"])
    case "\"…\"": return "\"a $t ${n} b\""
    case "$name": return "$\(pick(["n", "t", "i", "k"] + locals))"
    case "${name}": return "${\(pick(["n", "t", "l", "r"]))}"
    case "${a.b}": return pick(["${r.m}", "${r.o}"])
    case "${a[0]}": return pick(["${l[0]}", "${l[2]}"])
    case "${a[$i]}": return "${l[$i]}"
    case "${a[$k]}": return "${r[$k]}"
    case "${#a}": return pick(["${#l}", "${#r}", "${#t}"])
    case "${a:-b}": return pick(["${none:-d}", "${none:-'a b'}", "${t:-d}", "${r.x:-\"q\"}"])
    case "${a:-$b}": return "${none:-\(expansion(depth + 1))}"
    case "$( )": return "$(\(captured(depth)))"
    case "$[ ]": return "$[ \(captured(depth)) ]"
    case "$(( ))": return "$((\(sum(depth))))"
    case "\"$( )\"": return "\"<$(\(captured(depth)))>\""
    case "$today": return "$today"
    default: return "\"a\\n\\t\\\\\\\"\\$\\u{41}\""
    }
  }

  private mutating func expansion(_ depth: Int) -> String {
    pick(["$n", "${l[1]}", "${r.m}", "${#l}", "$((\(sum(depth))))"])
  }

  private static let sums = ["+", "-", "*", "/", "%", "negated", "( )", "operand"]

  private mutating func sum(_ depth: Int) -> String {
    guard depth < 4 else { return pick(["1", "$n", "${#l}"]) }
    switch choose(Self.sums) {
    case "+": return "\(sum(depth + 1)) + \(sum(depth + 1))"
    case "-": return "\(sum(depth + 1)) - \(sum(depth + 1))"
    case "*": return "\(sum(depth + 2))*\(sum(depth + 2))"
    case "/": return "(\(sum(depth + 1))) / 2"
    case "%": return "(\(sum(depth + 1))) % 7"
    case "negated": return "-(\(sum(depth + 1)))"
    case "( )": return "( \(sum(depth + 1)) )"
    default: return pick(["$n", "${r.o}", "$i", "12", "$(echo 4)"])
    }
  }

  private static let conditions = [
    "comparison", "value condition", "command condition", "not", "and condition", "or condition",
    "&&",
    "||",
  ]
  private static let comparisons = ["==", "!=", "<", "<=", ">", ">=", "~"]

  private mutating func condition(_ depth: Int) -> String {
    guard depth < 4 else { return comparison(depth) }
    switch choose(random.next() % 4 != 0 ? Self.conditions : ["comparison"]) {
    case "value condition": return pick(["true", "false"])
    case "command condition": return pick(["echo x", "parse a --as lines", "echo y > c.txt"])
    case "not": return "not \(condition(depth + 2))"
    case "and condition": return "\(condition(depth + 2)) and \(condition(depth + 2))"
    case "or condition": return "\(condition(depth + 2)) or \(condition(depth + 2))"
    case "&&": return "\(condition(depth + 2)) && \(condition(depth + 2))"
    case "||": return "\(condition(depth + 2)) || \(condition(depth + 2))"
    default: return comparison(depth)
    }
  }

  private mutating func comparison(_ depth: Int) -> String {
    let other = depth > 3 ? "'a'" : word(depth + 2)
    switch choose(Self.comparisons) {
    case "==": return "\(pick(["$t", "'a'", "$n"])) == \(other)"
    case "!=": return "\(pick(["$t", "'a'", "5"])) != \(other)"
    case "~": return "$t ~ \(pick(["'some*'", "te?t", "x"]))"
    case "<": return "$n < $((\(sum(depth + 1))))"
    case "<=": return "2 <= $n"
    case ">": return "'b' > 'a'"
    default: return "$n >= ${#l}"
    }
  }

  private mutating func echo(_ depth: Int) -> String {
    let more = random.next() % 3 == 0 ? " \(word(depth))" : ""
    return "echo \(word(depth))\(more)"
  }

  /// What stands in `$( )`: a border for loops and definitions.
  private mutating func captured(_ depth: Int) -> String {
    let outer = (loopDepth, isInDefinition)
    (loopDepth, isInDefinition) = (0, false)
    defer { (loopDepth, isInDefinition) = outer }
    return pick([echo(depth + 2), "\(echo(depth + 2)); echo z", "for q in 1 2 { echo $q }"])
  }

  private mutating func block(_ depth: Int) -> String {
    let count = depth > 2 ? 1 : 1 + Int(random.next() % 2)
    let body = (0..<count).map { _ in statement(depth: depth + 1) }
    // A comment reaches to the end of its line.
    return body.contains { $0.contains("#") } || random.next() % 2 == 0
      ? "{\n" + body.map { "  \($0)\n" }.joined() + "}" : "{ " + body.joined(separator: "\n") + " }"
  }

  private mutating func loop(_ items: String, _ depth: Int) -> String {
    let name = "v\(fresh())"
    return within(loop: [name], "for \(name) in \(items) ", depth)
  }

  private mutating func pairs(_ depth: Int) -> String {
    let (key, value) = ("k\(fresh())", "v\(fresh())")
    return within(loop: [key, value], "for \(key), \(value) in \(pick(["$r", "$l"])) ", depth)
  }

  private mutating func repetition(_ depth: Int) -> String {
    let name = "w\(fresh())"
    loopDepth += 1
    defer { loopDepth -= 1 }
    let body = statement(depth: depth + 1)
    return
      "let \(name) = 0\nwhile $\(name) < 2 {\n  let \(name) = $(( $\(name) + 1 ))\n  \(body)\n}"
  }

  private mutating func within(loop names: [String], _ head: String, _ depth: Int) -> String {
    loopDepth += 1
    locals += names
    defer {
      loopDepth -= 1
      locals.removeLast(names.count)
    }
    return head + block(depth)
  }

  private mutating func definition(_ depth: Int) -> String {
    guard depth == 0 else { return echo(depth) }
    let name = "cmd-\(fresh())"
    let parameters = (0..<Int(random.next() % 3)).map { "P\(name.dropFirst(4))_\($0)" }
    let outer = (locals, loopDepth)
    (locals, loopDepth, isInDefinition) = (parameters, 0, true)
    let body = block(depth + 1)
    (locals, loopDepth) = outer
    isInDefinition = false
    defined.append((name, parameters.count))
    return "def \(([name] + parameters).joined(separator: " ")) \(body)"
  }

  private mutating func call(_ depth: Int) -> String {
    guard let one = defined.last, !isInDefinition else { return echo(depth) }
    let words = (0..<one.parameters).map { _ in word(depth + 1) }
    return ([one.name] + words).joined(separator: " ")
  }

  private mutating func statement(depth: Int) -> String {
    guard depth < 4 else { return echo(depth) }
    let name = choose(Self.statements.map(\.name))
    guard let production = Self.statements.first(where: { $0.name == name }) else { return "echo" }
    return production.write(&self, depth)
  }

  private mutating func fresh() -> Int {
    names += 1
    return names
  }

  private mutating func pick(_ choices: [String]) -> String {
    choices[Int(random.next() % UInt64(choices.count))]
  }

  /// One of these productions: every other time the one that came least.
  private mutating func choose(_ productions: [String]) -> String {
    var name = pick(productions)
    if random.next() % 2 == 0 {
      name = productions.min { counts[$0, default: 0] < counts[$1, default: 0] } ?? name
    }
    counts[name, default: 0] += 1
    return name
  }
}
