import DevLakeKit

/// A message of JSON-RPC 2.0 that came in.
enum AgentMessage {
  case request(AgentRequest)
  /// One that wants no answer.
  case notification(method: String, params: JSONValue)

  /// Reads a line.
  init(_ line: [UInt8]) throws(AgentFault) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: line)
    } catch {
      throw AgentFault(.parse, "this line is not JSON (at byte \(error.offset + 1))")
    }
    guard let message = value.object else {
      throw AgentFault(.request, "a message is an object; several in an array are not taken")
    }
    let id = AgentRequest.ID(message["id"])
    guard message["jsonrpc"]?.string == "2.0", let method = message["method"]?.string else {
      throw AgentFault(.request, "this is not a JSON-RPC 2.0 request", id: id)
    }
    let params = message["params"] ?? .object([:])
    guard params.object != nil else {
      throw AgentFault(.params, "'params' is an object", id: id)
    }
    guard message["id"] != nil else {
      self = .notification(method: method, params: params)
      return
    }
    guard let id else { throw AgentFault(.request, "'id' is a text or a whole number") }
    self = .request(AgentRequest(id: id, method: method, params: params))
  }
}

/// A request, and how its answers are written.
struct AgentRequest: Sendable {
  /// What the client calls it.
  enum ID: Hashable, Sendable {
    case text(String)
    case number(Int)

    init?(_ value: JSONValue?) {
      if let text = value?.string {
        self = .text(text)
      } else if let number = value?.int {
        self = .number(number)
      } else {
        return nil
      }
    }

    var json: JSONValue {
      switch self {
      case .text(let text): .string(text)
      case .number(let number): .integer(number)
      }
    }
  }

  let id: ID
  let method: String
  let params: JSONValue

  var meta: JSONObject { params["_meta"]?.object ?? [:] }

  func result(_ result: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": id.json, "result": result]
  }
}

/// Why a message has no result.
struct AgentFault: Error {
  enum Code: Int {
    case parse = -32700
    case request = -32600
    case method = -32601
    case params = -32602
    case version = -32022
  }

  let code: Code
  let message: String
  var data: JSONValue?
  var id: AgentRequest.ID?

  init(_ code: Code, _ message: String, data: JSONValue? = nil, id: AgentRequest.ID? = nil) {
    self.code = code
    self.message = message
    self.data = data
    self.id = id
  }

  var json: JSONValue {
    var error: JSONObject = ["code": .integer(code.rawValue), "message": .string(message)]
    if let data { error["data"] = data }
    return ["jsonrpc": "2.0", "id": id?.json ?? .null, "error": .object(error)]
  }
}
