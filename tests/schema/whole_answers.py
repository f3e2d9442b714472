"""Documents that ask for everything that there is of each field at the root, and for less."""

from __future__ import annotations

PERSON = "{ uuid handle displayName }"
MESSAGE = f"{{ uuid message createdAt sender {PERSON} }}"
CONVERSATION = f"{{ groupUuid otherUser {PERSON} lastMessageAt lastMessage {MESSAGE} }}"
PAGE = "pageInfo { startCursor endCursor hasNextPage hasPreviousPage } syncCursor"
ONE = f"conversation(groupUuid: $group) {CONVERSATION}"
LIST = f"conversations(%s) {{ nodes {CONVERSATION} {PAGE} }}"
LOG = f"messages(groupUuid: $group, %s) {{ nodes {MESSAGE} {PAGE} }}"
SEND = f"""mutation ($input: SendMessageInput!) {{
  sendMessage(input: $input) {{
    __typename
    ... on SendMessageSuccess {{ message {MESSAGE} conversation {CONVERSATION} }}
  }}
}}"""
SEND_WITHOUT_PEOPLE = SEND.replace(f"otherUser {PERSON}", "").replace(f"sender {PERSON}", "")
SEND_WITHOUT_LAST = SEND.replace(f"lastMessage {MESSAGE}", "")
FOLLOW = f"""subscription ($group: UUID, $since: String) {{
  messageGroupUpdated(groupUuid: $group, since: $since) {{
    cursor message {MESSAGE} conversation {CONVERSATION}
  }}
}}"""


READS = {
    "`me`": [f"{{ me {PERSON} }}"],
    "`user`": [f'{{ user(handle: "bayko") {PERSON} }}'],
    "`conversations`, any page": [
        f"{{ {LIST % 'first: 1'} }}",
        f"query ($newest: String) {{ {LIST % 'first: 1, after: $newest'} }}",
        f"{{ {LIST % 'last: 1'} }}",
        f"query ($oldest: String) {{ {LIST % 'last: 1, before: $oldest'} }}",
    ],
    "`conversations` without people": [
        "{ conversations { nodes { groupUuid lastMessageAt lastMessage { message } } } }"
    ],
    "`conversation`": [f"query ($group: UUID!) {{ {ONE} }}"],
    "`conversation` without `lastMessage`": [
        f"""query ($group: UUID!) {{
          conversation(groupUuid: $group) {{ groupUuid otherUser {PERSON} lastMessageAt }}
        }}"""
    ],
    "`messages`, any page": [
        f"query ($group: UUID!) {{ {LOG % 'first: 2'} }}",
        f"query ($group: UUID!, $line: String) {{ {LOG % 'first: 2, after: $line'} }}",
        f"query ($group: UUID!) {{ {LOG % 'last: 2'} }}",
        f"query ($group: UUID!, $line: String) {{ {LOG % 'last: 2, before: $line'} }}",
    ],
    "`messages` without `sender`": [
        "query ($group: UUID!) { messages(groupUuid: $group) { nodes { message createdAt } } }"
    ],
    "`conversations` and `messages` in one document": [
        f"query ($group: UUID!) {{ {LIST % 'first: 1'} {LOG % 'first: 20'} }}"
    ],
    "`conversation` of others": [
        f"query ($others: UUID!) {{ {ONE.replace('$group', '$others')} }}"
    ],
    "`messages` of others": [
        f"query ($others: UUID!) {{ {(LOG % 'first: 2').replace('$group', '$others')} }}"
    ],
}
