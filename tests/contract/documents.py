"""The GraphQL documents that the suite sends: together they ask for every field of the API."""

_USER = "fragment UserFields on User { uuid handle displayName }"

_MESSAGE = (
    "fragment MessageFields on Message { uuid message createdAt sender { ...UserFields } }" + _USER
)

_CONVERSATION = (
    """
    fragment ConversationFields on Conversation {
      groupUuid
      otherUser { ...UserFields }
      lastMessage { ...MessageFields }
      lastMessageAt
    }
    """
    + _MESSAGE
)

_PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } syncCursor"

ME = "query Me { me { ...UserFields } }" + _USER

USER = "query User($handle: String!) { user(handle: $handle) { ...UserFields } }" + _USER

CONVERSATIONS = (
    """
    query Conversations($first: Int, $after: String, $last: Int, $before: String) {
      conversations(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { ...ConversationFields } }
        nodes { ...ConversationFields }
    """
    + _PAGE
    + "}}"
    + _CONVERSATION
)

CONVERSATION = (
    """
    query Conversation($groupUuid: UUID!) {
      conversation(groupUuid: $groupUuid) { ...ConversationFields }
    }
    """
    + _CONVERSATION
)

MESSAGES = (
    """
    query Messages(
      $groupUuid: UUID!, $first: Int, $after: String, $last: Int, $before: String
    ) {
      messages(
        groupUuid: $groupUuid, first: $first, after: $after, last: $last, before: $before
      ) {
        edges { cursor node { ...MessageFields } }
        nodes { ...MessageFields }
    """
    + _PAGE
    + "}}"
    + _MESSAGE
)

SEND_MESSAGE = (
    """
    mutation SendMessage($input: SendMessageInput!) {
      sendMessage(input: $input) {
        __typename
        ... on SendMessageSuccess {
          message { ...MessageFields }
          conversation { ...ConversationFields }
        }
        ... on UserError { code detail }
        ... on RateLimited { retryAfterSeconds }
      }
    }
    """
    + _CONVERSATION
)

UPDATES = (
    """
    subscription Updates($groupUuid: UUID, $since: String) {
      messageGroupUpdated(groupUuid: $groupUuid, since: $since) {
        cursor
        conversation { ...ConversationFields }
        message { ...MessageFields }
      }
    }
    """
    + _CONVERSATION
)

ALL = (ME, USER, CONVERSATIONS, CONVERSATION, MESSAGES, SEND_MESSAGE, UPDATES)
