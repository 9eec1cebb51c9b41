// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Documents

extension Session {
  /// Performs a request by itself; an accepted change is on the disk when this returns.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - door: Where it came in, such as `endpoint`.
  /// - Returns: The service's answer.
  /// - Throws: As `perform(together:door:pace:)`.
  package func perform(
    _ request: ServiceRequest, door: String = "endpoint"
  ) throws(StateError) -> Result<Document, ServiceError> {
    try perform(together: [request], door: door)[0]
  }
}
