// The history of a conversation as a connection of Relay, a mutation and a subscription that add to
// it. `npx relay-compiler relay.config.json` in this folder makes __generated__/ of it.
// What identifies things here is not called `id`: tell Relay's Environment so, with the option
// getDataID: ({ uuid, groupUuid }) => uuid ?? groupUuid.
import { graphql } from 'react-relay';

export const messages = graphql`
  fragment Messages_history on Query
  @refetchable(queryName: "MessagesPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    messages(groupUuid: $groupUuid, first: $count, after: $cursor)
      @connection(key: "Messages_messages", filters: ["groupUuid"]) {
      edges { node { uuid message createdAt sender { displayName } } }
      syncCursor
    }
  }
`;

export const history = graphql`
  query MessagesQuery($groupUuid: UUID!) {
    ...Messages_history
  }
`;

export const send = graphql`
  mutation MessagesSendMutation($input: SendMessageInput!, $connections: [ID!]!) {
    sendMessage(input: $input) {
      ... on SendMessageSuccess {
        message @prependNode(connections: $connections, edgeTypeName: "MessageEdge") {
          uuid message createdAt sender { displayName }
        }
      }
      ... on UserError { code detail }
    }
  }
`;

export const news = graphql`
  subscription MessagesNewsSubscription($groupUuid: UUID!, $since: String, $connections: [ID!]!) {
    messageGroupUpdated(groupUuid: $groupUuid, since: $since) {
      cursor
      message @prependNode(connections: $connections, edgeTypeName: "MessageEdge") {
        uuid message createdAt sender { displayName }
      }
    }
  }
`;
