// SPDX-License-Identifier: GPL-3.0-or-later

extension Refusals {
  private static func rows(_ arn: String, _ error: String) -> [Refusal] {
    [
      Refusal("GetResourcePolicy", "{'ResourceArn':'\(arn)'}", error),
      Refusal("DeleteResourcePolicy", "{'ResourceArn':'\(arn)'}", error),
      Refusal(
        "PutResourcePolicy",
        "{'ResourceArn':'\(arn)','Policy':'{\\\"Statement\\\":{\\\"Effect\\\":\\\"Deny\\\","
          + "\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"dynamodb:*\\\","
          + "\\\"Resource\\\":\\\"*\\\"}}'}", error),
    ]
  }

  private static let here = "arn:aws:dynamodb:us-east-1:123456789012"

  /// What the resource of a policy may not be.
  static let policies: [Refusal] =
    rows("orders", Words.values + "ARNs must start with 'arn:': orders")
    + rows("\(here):table/none", Words.missing + ": Table: none not found")
    + rows("\(here):table/ORDERS", Words.missing + ": Table: ORDERS not found")
    + rows("\(here):table/target", Words.missing + ": Table: target not found")
    + rows("\(here):table/young", Words.missing + ": Table: young not found")
    + rows(
      "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
      Words.values + "Invalid resource Arn: "
        + "arn:aws:dynamodb:eu-west-1:123456789012:table/orders")
    + rows(
      "arn:aws-cn:dynamodb:us-east-1:123456789012:table/orders",
      Words.values + "Invalid resource Arn: "
        + "arn:aws-cn:dynamodb:us-east-1:123456789012:table/orders")
    + rows(
      "arn:aws:dynamodb:us-east-1:999999999999:table/orders",
      Words.validation
        + "This action is only supported by accounts that match the resource owner’s account.")
    + rows(
      "\(here):table/sales/index/by-state",
      Words.values + "Invalid resource arn provided, only table or stream is accepted. Provided "
        + "resource arn: \(here):table/sales/index/by-state")
    + rows(
      "\(here):table/orders/backup/0170",
      Words.values + "Provided Arn is not a DynamoDB resource arn: "
        + "\(here):table/orders/backup/0170")
    + rows(
      "\(here):table/sales/stream/none",
      Words.missing + ": Stream: none not found for Table: sales")
}
