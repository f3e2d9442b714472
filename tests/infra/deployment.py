"""infra/template.yaml, deployed as docs/operations.md says."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra import template
from tests.infra.emulated_aws import EmulatedAws

STACK = "cruddur"


@dataclass(frozen=True)
class Deployment:
    """The stack in `aws`; `outputs` are those of the template."""

    aws: EmulatedAws
    outputs: Mapping[str, str]

    @property
    def table(self) -> str:
        return self.outputs["MessagesTableName"]

    def invoke(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Call a deployed Lambda and return its answer, or its error as `{"errorMessage": …}`."""
        answer = self.aws.client("lambda").invoke(
            FunctionName=f"{STACK}-{function}", Payload=json.dumps(event).encode()
        )
        payload: dict[str, Any] = json.load(answer["Payload"])
        return payload

    def dead_letters(self) -> list[str]:
        queue = self.aws.client("sqs")
        answer = queue.receive_message(QueueUrl=self.outputs["DeadLettersUrl"])
        return [message["Body"] for message in answer.get("Messages", [])]


def deploy(aws: EmulatedAws, code: Path, *, bus_url: str, database_url: str) -> Deployment:
    """Deploy the zip `code`: the stream Lambda rings at `bus_url`, the other one writes people."""
    stacks = aws.client("cloudformation")
    stacks.create_stack(
        StackName=STACK,
        TemplateBody=template.PATH.read_text(encoding="utf-8"),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {
                **_code(aws, code),
                **_secret(aws, {"UPDATE_BUS_URL": bus_url, "DATABASE_URL": database_url}),
                **_network(aws),
                "AlarmTopicArn": aws.client("sns").create_topic(Name="alarms")["TopicArn"],
            }.items()
        ],
    )
    while True:
        (stack,) = stacks.describe_stacks(StackName=STACK)["Stacks"]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            break
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
            raise AssertionError([event.get("ResourceStatusReason") for event in events])
        time.sleep(0.1)
    return Deployment(aws, {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]})


def _code(aws: EmulatedAws, code: Path) -> dict[str, str]:
    storage = aws.client("s3")
    storage.create_bucket(Bucket="code")
    storage.upload_file(str(code), "code", code.name)
    return {"CodeBucket": "code", "CodeKey": code.name}


def _secret(aws: EmulatedAws, urls: Mapping[str, str]) -> dict[str, str]:
    secret = aws.client("secretsmanager").create_secret(Name="urls", SecretString=json.dumps(urls))
    return {"DatabaseSecret": secret["ARN"], "DatabaseSecretVersion": secret["VersionId"]}


def _network(aws: EmulatedAws) -> dict[str, str]:
    network = aws.client("ec2")
    vpc = network.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = network.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = network.create_security_group(GroupName="lambdas", Description="-", VpcId=vpc)
    routes = network.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    return {
        "VpcId": vpc,
        "SubnetIds": subnet,
        "SecurityGroupIds": group["GroupId"],
        "RouteTableIds": routes,
    }
