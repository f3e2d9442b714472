// The part of our schema that is measured, for graphql.js.
import { makeExecutableSchema } from '@graphql-tools/schema'
import { GraphQLError, GraphQLScalarType } from 'graphql'
import { conversations, messages, sendMessage } from './messaging.mjs'
import { updates } from './updates.mjs'

const typeDefs = `
  scalar DateTime
  scalar UUID
  type User { uuid: UUID! handle: String! displayName: String! }
  type Message { uuid: UUID! message: String! createdAt: DateTime! sender: User! }
  type PageInfo {
    hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
  }
  type MessageEdge { cursor: String! node: Message! }
  type MessageConnection { edges: [MessageEdge!]! pageInfo: PageInfo! }
  type Conversation {
    groupUuid: UUID! lastMessage: Message! lastMessageAt: DateTime! otherUser: User!
  }
  type ConversationEdge { cursor: String! node: Conversation! }
  type ConversationConnection { edges: [ConversationEdge!]! pageInfo: PageInfo! }
  type Query {
    conversations(first: Int = 20): ConversationConnection!
    messages(groupUuid: UUID!, first: Int = 20): MessageConnection!
  }
  input SendMessageInput { message: String! groupUuid: UUID! clientMessageUuid: UUID }
  type SendMessageSuccess { message: Message! conversation: Conversation! }
  type RateLimited { code: String! detail: String! }
  union SendMessagePayload = SendMessageSuccess | RateLimited
  type Mutation { sendMessage(input: SendMessageInput!): SendMessagePayload! }
  type MessageGroupUpdated { cursor: String! conversation: Conversation! message: Message! }
  type Subscription { messageGroupUpdated(groupUuid: UUID!): MessageGroupUpdated! }
`

const PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const uuid = new GraphQLScalarType({
  name: 'UUID',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value === 'string' && PATTERN.test(value)) return value
    throw new GraphQLError('not a UUID')
  },
})
const dateTime = new GraphQLScalarType({ name: 'DateTime', serialize: (value) => value })

function size(first) {
  if (first >= 1 && first <= 100) return first
  throw new GraphQLError('A page has from 1 to 100 items.')
}

const resolvers = {
  UUID: uuid,
  DateTime: dateTime,
  Query: {
    messages: (_, { groupUuid, first }, { viewer }) => messages(viewer, groupUuid, size(first)),
    conversations: (_, { first }, { viewer }) => conversations(viewer, size(first)),
  },
  Mutation: { sendMessage: (_, { input }, { viewer }) => sendMessage(viewer, input) },
  SendMessagePayload: { __resolveType: (payload) => payload.__typename },
  Message: { sender: (message, _, { people }) => people.get(message.senderUuid) },
  Conversation: { otherUser: (row, _, { people }) => people.get(row.otherUuid) },
  Subscription: {
    messageGroupUpdated: {
      subscribe: (_, { groupUuid }, context) => updates(context, groupUuid),
    },
  },
}

export const schema = makeExecutableSchema({ typeDefs, resolvers })
