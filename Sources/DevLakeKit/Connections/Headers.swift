/// Headers with secret values, as DevLake keeps them: a list of `{key, value}`.
package enum Headers {
  /// The list as one secret.
  package static func secret(_ headers: [(name: String, value: Secret)]) -> Secret {
    let list = headers.map { header -> JSONValue in
      header.value.reveal { ["key": .string(header.name), "value": .string($0)] }
    }
    return Secret(JSONValue.array(list).text)
  }
}

extension Connection {
  /// The list to send so that these headers get new values and the others keep theirs.
  ///
  /// A PATCH replaces the whole list; an empty value stands for the stored one of the same key
  /// (measured). Names of headers count without their case.
  public func headers(in field: String, with new: [(name: String, value: Secret)]) -> Secret {
    var headers: [(name: String, value: Secret)] = []
    for element in stored[field]?.array ?? [] {
      guard let key = element["key"]?.string else { continue }
      let given = new.first { $0.name.lowercased() == key.lowercased() }
      headers.append((key, given?.value ?? Secret("")))
    }
    for header in new
    where !headers.contains(where: { $0.name.lowercased() == header.name.lowercased() }) {
      headers.append(header)
    }
    return Headers.secret(headers)
  }
}
