// The three operations that the examples send.
const MESSAGE = /* GraphQL */ `message { uuid message createdAt sender { uuid handle } }`;

// Newest first. `syncCursor` is where to follow from, so that nothing newer than this is missed.
export const HISTORY = /* GraphQL */ `
  query History($groupUuid: UUID!, $after: String) {
    messages(groupUuid: $groupUuid, first: 20, after: $after) {
      edges { cursor node { uuid message createdAt sender { uuid handle } } }
      pageInfo { hasNextPage endCursor }
      syncCursor
    }
  }
`;

// What can go wrong is data, too: whatever is no success is a UserError.
export const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess { ${MESSAGE} conversation { groupUuid } }
      ... on UserError { code detail }
    }
  }
`;

export const NEWS = /* GraphQL */ `
  subscription News($groupUuid: UUID!, $since: String) {
    messageGroupUpdated(groupUuid: $groupUuid, since: $since) {
      cursor
      ${MESSAGE}
    }
  }
`;
