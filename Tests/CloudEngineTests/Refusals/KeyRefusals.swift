// SPDX-License-Identifier: GPL-3.0-or-later

extension Refusals {
  private static let noKey = "00000000-0000-4000-8000-000000000000"

  private static func key(
    _ operation: String, _ input: String, _ error: String, line: Int = #line
  ) -> Refusal {
    Refusal(operation, input, error, service: "kms", line: line)
  }

  private static func unchangeable(_ operation: String) -> Refusal {
    key(
      operation, "{'KeyId':'$MANAGED'}",
      "AccessDeniedException: User: arn:aws:iam::123456789012:user/admin is not authorized to "
        + "perform: kms:\(operation) on resource: $MANAGED because no resource-based policy allows "
        + "the kms:\(operation) action")
  }

  static let keyService: [Refusal] = [
    key(
      "DescribeKey", "{'KeyId':'\(noKey)'}",
      "NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/\(noKey)' does not exist"),
    key(
      "DescribeKey", "{'KeyId':'orders'}", "NotFoundException: Invalid keyId orders"),
    key(
      "DescribeKey", "{'KeyId':'alias/none'}",
      "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found."),
    key(
      "DescribeKey", "{'KeyId':'arn:aws:kms:eu-west-1:123456789012:key/\(noKey)'}",
      "NotFoundException: Invalid arn eu-west-1"),
    key(
      "DescribeKey", "{'KeyId':'arn:aws:kms:us-east-1:999999999999:key/\(noKey)'}",
      "AccessDeniedException: User: arn:aws:iam::123456789012:user/admin is not authorized to "
        + "perform: kms:DescribeKey on resource: arn:aws:kms:us-east-1:999999999999:key/\(noKey) "
        + "because no resource-based policy allows the kms:DescribeKey action"),
    key(
      "DescribeKey", "{'KeyId':'arn:aws:kms:us-east-1:123456789012:grant/\(noKey)'}",
      "NotFoundException: Invalid keyId arn:aws:kms:us-east-1:123456789012:grant/\(noKey)"),
    key(
      "DisableKey", "{'KeyId':'alias/held'}", "NotFoundException: Invalid keyId alias/held"),
    key(
      "ScheduleKeyDeletion", "{'KeyId':'$KEY','PendingWindowInDays':6}",
      Words.one + "'6' at 'pendingWindowInDays' failed to satisfy constraint: Member must have "
        + "value greater than or equal to 7"),
    key(
      "ScheduleKeyDeletion", "{'KeyId':'$KEY','PendingWindowInDays':31}",
      Words.one + "'31' at 'pendingWindowInDays' failed to satisfy constraint: Member must have "
        + "value less than or equal to 30"),
    key(
      "CreateAlias", "{'AliasName':'alias/held','TargetKeyId':'$KEY'}",
      "AlreadyExistsException: An alias with the name "
        + "arn:aws:kms:us-east-1:123456789012:alias/held already exists"),
    key(
      "CreateAlias", "{'AliasName':'alias/aws/mine','TargetKeyId':'$KEY'}",
      "InvalidAliasNameException: The request was rejected because the specified alias name is "
        + "not valid."),
    key(
      "CreateAlias", "{'AliasName':'mine','TargetKeyId':'$KEY'}",
      Words.validation + "Invalid identifier"),
    key(
      "CreateAlias", "{'AliasName':'alias/new','TargetKeyId':'alias/held'}",
      "NotFoundException: Invalid keyId alias/held"),
    key(
      "UpdateAlias", "{'AliasName':'alias/none','TargetKeyId':'$KEY'}",
      "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found."),
    key(
      "DeleteAlias", "{'AliasName':'alias/none'}",
      "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found."),
    key(
      "CreateKey", "{'KeySpec':'RSA_2048'}",
      Words.validation + "You must specify a KeyUsage value for all KMS keys except for symmetric "
        + "encryption keys."),
    key(
      "CreateKey", "{'KeySpec':'HMAC_256','KeyUsage':'SIGN_VERIFY'}",
      Words.validation + "KeyUsage SIGN_VERIFY is not compatible with KeySpec HMAC_256"),
    key(
      "CreateKey",
      "{'KeySpec':'HMAC_256','KeyUsage':'GENERATE_VERIFY_MAC','CustomerMasterKeySpec':'RSA_2048'}",
      Words.validation
        + "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. "
        + "CustomerMasterKeySpec is deprecated."),
    key(
      "CreateKey", "{'MultiRegion':true}",
      "NotSimulated: MultiRegion of CreateKey is not simulated by Rewind. Nothing was changed."),
    key(
      "CreateKey", "{'Origin':'EXTERNAL'}",
      "NotSimulated: Origin EXTERNAL of CreateKey is not simulated by Rewind. Nothing was changed."
    ),
    key(
      "ListKeys", "{'Marker':'nowhere'}",
      "InvalidMarkerException: The request was rejected because the marker that specifies where "
        + "pagination should next begin is not valid."),
    key(
      "CancelKeyDeletion", "{'KeyId':'$KEY'}",
      "KMSInvalidStateException: $KEY is not pending deletion."),
    key("ListAliases", "{'KeyId':'orders'}", "NotFoundException: Invalid keyId orders"),
    unchangeable("EnableKey"), unchangeable("DisableKey"), unchangeable("ScheduleKeyDeletion"),
  ]
}
