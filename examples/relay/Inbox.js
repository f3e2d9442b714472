// The conversations of whoever is signed in, as a connection of Relay.
import { graphql } from 'react-relay';

export const conversations = graphql`
  fragment Inbox_conversations on Query
  @refetchable(queryName: "InboxPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    conversations(first: $count, after: $cursor) @connection(key: "Inbox_conversations") {
      edges {
        node { groupUuid otherUser { handle displayName } lastMessage { message } lastMessageAt }
      }
      syncCursor
    }
  }
`;

export const inbox = graphql`
  query InboxQuery {
    ...Inbox_conversations
  }
`;
