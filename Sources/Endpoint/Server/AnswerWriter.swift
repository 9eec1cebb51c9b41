// SPDX-License-Identifier: GPL-3.0-or-later

/// Puts an answer into bytes: head and body in one piece.
enum AnswerWriter {
  /// What tells a client to send the body that it holds back.
  static let goOn = "HTTP/1.1 100 Continue\r\n\r\n"

  static func bytes(of answer: WireAnswer, keepsAlive: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(384 + answer.body.count)
    bytes += "HTTP/1.1 ".utf8
    bytes += String(answer.status).utf8
    bytes.append(UInt8(ascii: " "))
    bytes += reason(answer.status).utf8
    var saysLength = answer.status == 204
    for (name, value) in answer.headers.fields {
      // What answers HEAD says the length of a body that it does not have.
      if name == "Content-Length" { saysLength = true }
      bytes += "\r\n".utf8
      bytes += name.utf8
      bytes += ": ".utf8
      // No line can begin in a value.
      let begin = bytes.count
      bytes += value.utf8
      for index in begin..<bytes.count where bytes[index] < 0x20 || bytes[index] == 0x7f {
        bytes[index] = 0x20
      }
    }
    if !saysLength {
      bytes += "\r\nContent-Length: ".utf8
      bytes += String(answer.body.count).utf8
    }
    bytes += "\r\nServer: Server".utf8
    if !keepsAlive { bytes += "\r\nConnection: close".utf8 }
    bytes += "\r\n\r\n".utf8
    bytes += answer.body
    return bytes
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 204: "No Content"
    case 206: "Partial Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Payload Too Large"
    case 416: "Range Not Satisfiable"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }
}
