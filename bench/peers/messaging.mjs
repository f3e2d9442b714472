// The use cases, with the store calls that our server makes.
import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { config } from './config.mjs'
import { store } from './store.mjs'
import { headKey, later, timeText, writes } from './writes.mjs'

const TableName = config.table
const TRIES = 30
const heads = new Map() // what this process remembers of heads: a send takes one round trip
const turns = new Map()

const cursor = (parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')

export async function membership(viewer, group) {
  const { Item } = await store.getItem({ TableName, Key: headKey(group), ConsistentRead: true })
  const isIn = Item?.members.L.some((member) => member.M.user_uuid.S === viewer.uuid)
  if (!isIn) {
    throw new GraphQLError('There is no such conversation.', {
      extensions: { code: 'GROUP_NOT_FOUND' },
    })
  }
  return Item
}

const newest = (pk, Limit) =>
  store.query({
    TableName,
    ConsistentRead: true,
    ScanIndexForward: false,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    Limit,
  })

function connection(edges, hasNextPage, hasPreviousPage) {
  const [startCursor, endCursor] = [edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null]
  return { edges, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } }
}

export async function messages(viewer, group, first) {
  const page = newest(`MSG#${group}`, first)
  const [head, { Items }] = await Promise.all([membership(viewer, group), page])
  const edges = Items.map((item) => ({
    cursor: cursor(['m', group, item.sk.S, Number(item.seq.N)]),
    node: {
      uuid: item.message_uuid.S,
      message: item.message.S,
      createdAt: item.sk.S,
      senderUuid: item.user_uuid.S,
    },
  }))
  const [top, bottom] = [Items[0], Items.at(-1)]
  return connection(edges, Number(bottom.seq.N) > 1, Number(top.seq.N) < Number(head.last_seq.N))
}

export async function conversations(viewer, first) {
  // One row more than asked for tells whether there are more.
  const { Items } = await newest(`GRP#${viewer.uuid}`, first + 1)
  const edges = Items.slice(0, first).map((row) => ({
    cursor: cursor(['c', viewer.uuid, row.sk.S, { [row.message_group_uuid.S]: Number(row.seq.N) }]),
    node: {
      groupUuid: row.message_group_uuid.S,
      lastMessageAt: row.last_message_at.S,
      otherUuid: row.user_uuid.S,
      lastMessage: {
        uuid: row.message_uuid.S,
        message: row.message.S,
        createdAt: row.last_message_at.S,
        senderUuid: row.sender_uuid.S,
      },
    },
  }))
  return connection(edges, Items.length > first, false)
}

export async function sendMessage(viewer, { groupUuid, message, clientMessageUuid }) {
  if (message.length > 1024 || !message.trim()) throw new GraphQLError('Not a message.')
  // Senders into one group take turns, as in our server.
  const before = turns.get(groupUuid)
  const own = (before ?? Promise.resolve()).then(() =>
    send(viewer, groupUuid, message, clientMessageUuid),
  )
  const settled = own.catch(() => {})
  turns.set(groupUuid, settled)
  settled.then(() => turns.get(groupUuid) === settled && turns.delete(groupUuid))
  return own
}

async function send(viewer, group, text, clientUuid) {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const head = heads.get(group) ?? (await membership(viewer, group))
    const now = new Date()
    const sk = later(timeText(now), head.last_sk.S)
    const seq = Number(head.last_seq.N) + 1
    const message = { uuid: randomUUID(), message: text, createdAt: sk, senderUuid: viewer.uuid }
    try {
      await store.transact({
        TransactItems: writes(viewer, group, head, message, seq, clientUuid, now),
        ClientRequestToken: randomUUID(),
      })
    } catch (error) {
      heads.delete(group)
      if (error.name !== 'TransactionCanceledException') throw error
      continue
    }
    heads.set(group, { ...head, last_sk: { S: sk }, last_seq: { N: String(seq) } })
    const other = head.members.L.find((member) => member.M.user_uuid.S !== viewer.uuid)
    const conversation = {
      groupUuid: group,
      lastMessageAt: sk,
      otherUuid: other.M.user_uuid.S,
      lastMessage: message,
    }
    return { __typename: 'SendMessageSuccess', message, conversation }
  }
  throw new GraphQLError('This conversation is very busy. Try again.')
}
