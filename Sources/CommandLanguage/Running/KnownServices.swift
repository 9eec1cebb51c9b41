// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// Services of AWS near this subject that are not modelled: they exist, and that is what is said.
enum KnownServices {
  private static let all = [
    "accessanalyzer", "account", "acm", "apigateway", "application-autoscaling", "appsync",
    "athena", "autoscaling", "backup", "backup-gateway", "backupsearch", "budgets", "ce",
    "cloudformation", "cloudfront", "cloudtrail", "cloudwatch", "codebuild", "codepipeline",
    "cognito-idp", "config", "dax", "ddb", "dynamodb", "dynamodbstreams", "ec2", "ecr", "ecs",
    "efs", "eks", "elasticache", "elbv2", "events", "firehose", "fsx", "glue", "guardduty",
    "health",
    "history", "iam", "kinesis", "kms", "lambda", "login", "logout", "logs", "opensearch",
    "organizations", "pipes", "pricing", "ram", "rds", "redshift", "resource-groups",
    "resourcegroupstaggingapi", "route53", "s3",
    "s3api", "s3control", "scheduler", "secretsmanager", "securityhub", "service-quotas", "sns",
    "sqs", "ssm", "sso", "stepfunctions", "storagegateway", "sts", "support", "tag",
    "transfer", "trustedadvisor", "wafv2", "xray",
  ]

  /// The names of those without a model.
  static let names = all.filter { !Service.names.contains($0) }

  /// What does the same here.
  static let instead = ["ddb": "aws dynamodb put-item, query and scan do the same."]
}
