/// Makes a value of a text's events.
struct YAMLComposer {
  /// A value, and what is known of it only here.
  private struct Node {
    let value: PlacedValue
    /// The text of a scalar as it is written, which a key is.
    var text: String?
    /// Whether it is the `<<` that merges.
    var merges = false
    /// How many values it is, anchors unfolded.
    var size = 1
  }

  private let events: YAMLEventReader
  private var anchors: [String: Node] = [:]
  /// A few lines of anchors that name each other can unfold to billions of values.
  private var budget = 1_000_000

  init(_ text: String) { events = YAMLEventReader(text) }

  /// The text's one document; `nil`: it is empty.
  mutating func document() throws(YAMLMistake) -> PlacedValue? {
    guard try beginsDocument().isTrue else { return nil }
    let first = try events.next()
    let value = try node(first.event, at: first.place, depth: 0).value
    let next = try beginsDocument()
    guard !next.isTrue else {
      throw YAMLMistake("a second document; only one is read", at: next.place)
    }
    return value
  }

  /// Whether a document begins before the text ends.
  private func beginsDocument() throws(YAMLMistake) -> (isTrue: Bool, place: TextPlace) {
    while true {
      let (event, place) = try events.next()
      switch event {
      case .documentBegin: return (true, place)
      case .streamEnd: return (false, place)
      default: continue
      }
    }
  }

  private mutating func node(
    _ event: YAMLEvent,
    at place: TextPlace,
    depth: Int
  ) throws(YAMLMistake) -> Node {
    guard depth < JSONParser.maximumDepth else {
      throw YAMLMistake("nested deeper than \(JSONParser.maximumDepth)", at: place)
    }
    let start = budget
    let node: Node
    switch event {
    case .scalar(let scalar):
      try spend(1, at: place)
      node = Node(
        value: PlacedValue(.scalar(YAML.value(of: scalar)), at: place),
        text: scalar.text,
        merges: scalar.isPlain && scalar.text == "<<"
      )
      remember(node, as: scalar.anchor)
    case .listBegin(let anchor):
      try spend(1, at: place)
      let elements = try elements(depth: depth + 1)
      node = Node(value: PlacedValue(.list(elements), at: place), size: start - budget)
      remember(node, as: anchor)
    case .mappingBegin(let anchor):
      try spend(1, at: place)
      let members = try members(depth: depth + 1)
      node = Node(value: PlacedValue(.mapping(members), at: place), size: start - budget)
      remember(node, as: anchor)
    case .alias(let name):
      guard let named = anchors[name] else {
        throw YAMLMistake("undefined alias '*\(name)'", at: place)
      }
      try spend(named.size, at: place)
      node = named
    case .end, .documentBegin, .streamEnd, .other: throw YAMLMistake("no value", at: place)
    }
    return node
  }

  private mutating func spend(_ count: Int, at place: TextPlace) throws(YAMLMistake) {
    budget -= count
    guard budget > 0 else {
      throw YAMLMistake("alias expansion exceeds 1,000,000 nodes", at: place)
    }
  }

  private mutating func remember(_ node: Node, as anchor: String?) {
    if let anchor { anchors[anchor] = node }
  }

  private mutating func elements(depth: Int) throws(YAMLMistake) -> [PlacedValue] {
    var elements: [PlacedValue] = []
    while true {
      let (event, place) = try events.next()
      if case .end = event { return elements }
      elements.append(try node(event, at: place, depth: depth).value)
    }
  }

  /// Own members win over what `<<` brings, wherever it stands.
  private mutating func members(depth: Int) throws(YAMLMistake) -> [PlacedValue.Member] {
    var merged: [PlacedValue.Member] = []
    var own: [PlacedValue.Member] = []
    var names: Set<String> = []
    while true {
      let (event, place) = try events.next()
      if case .end = event { break }
      let key = try node(event, at: place, depth: depth)
      guard let name = key.text else { throw YAMLMistake("a key is not text", at: place) }
      guard names.insert(name).inserted else {
        throw YAMLMistake("the key '\(name)' is listed twice", at: place)
      }
      let next = try events.next()
      let value = try node(next.event, at: next.place, depth: depth).value
      if key.merges {
        try merge(value, into: &merged, at: place)
      } else {
        own.append(.init(key: name, place: place, value: value))
      }
    }
    guard !merged.isEmpty else { return own }
    for member in own {
      if let index = merged.firstIndex(where: { $0.key == member.key }) {
        merged[index] = member
      } else {
        merged.append(member)
      }
    }
    return merged
  }

  private func merge(
    _ value: PlacedValue,
    into merged: inout [PlacedValue.Member],
    at place: TextPlace
  ) throws(YAMLMistake) {
    for source in value.elements ?? [value] {
      guard let members = source.members else {
        throw YAMLMistake("'<<' needs a mapping", at: place)
      }
      merged += members.filter { member in !merged.contains { $0.key == member.key } }
    }
  }
}
