"""Rights that no call of our code shows: what AWS does under the functions' roles."""

from __future__ import annotations

from tests.infra.template import allowed, properties, read

TABLE = {"Fn::GetAtt": "MessagesTable.Arn"}
STREAM = {
    "Fn::If": [
        "Restored",
        {"Ref": "MessagesStreamArn"},
        {"Fn::GetAtt": "MessagesTable.StreamArn"},
    ]
}


def test_beyond_its_code_the_stream_role_has_what_lambda_itself_does() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html"""
    policies = properties("StreamRole")["Policies"]
    rights = allowed(*(policy["PolicyDocument"] for policy in policies))
    assert [right for right in rights if right[1] != TABLE] == [
        ("dynamodb:DescribeStream", STREAM),
        ("dynamodb:GetRecords", STREAM),
        ("dynamodb:GetShardIterator", STREAM),
        ("dynamodb:ListStreams", STREAM),
        ("sqs:SendMessage", {"Fn::GetAtt": "DeadLetters.Arn"}),
        ("logs:CreateLogStream", {"Fn::GetAtt": "StreamLogs.Arn"}),
        ("logs:PutLogEvents", {"Fn::GetAtt": "StreamLogs.Arn"}),
    ]


def test_the_sign_up_role_may_write_its_log_only() -> None:
    policies = properties("PostConfirmationRole")["Policies"]
    assert allowed(*(policy["PolicyDocument"] for policy in policies)) == [
        ("logs:CreateLogStream", {"Fn::GetAtt": "PostConfirmationLogs.Arn"}),
        ("logs:PutLogEvents", {"Fn::GetAtt": "PostConfirmationLogs.Arn"}),
    ]


def test_network_interfaces_are_lambdas_business_and_not_the_codes() -> None:
    interfaces, refusal = properties("NetworkPolicy")["PolicyDocument"]["Statement"]
    assert all(action.startswith("ec2:") for action in interfaces["Action"])
    assert (refusal["Effect"], refusal["Action"]) == ("Deny", "ec2:*")
    functions = refusal["Condition"]["ArnLike"]["lambda:SourceFunctionArn"]["Fn::Sub"]
    assert functions.endswith(":function:${AWS::StackName}-*")
    resources = read()["Resources"].values()
    for function in (each for each in resources if each["Type"] == "AWS::Lambda::Function"):
        assert function["Properties"]["FunctionName"]["Fn::Sub"].startswith("${AWS::StackName}-")
