// The transaction of a send into a group, write by write what our server's is.
import { config } from './config.mjs'

const TableName = config.table
const KEPT = 30 * 24 * 3600 // seconds that a sent item is kept

export const headKey = (group) => ({ pk: { S: `GROUP#${group}` }, sk: { S: 'HEAD' } })

// Millisecond clocks: the last three digits of our microseconds are zeros.
export const timeText = (moment) => moment.toISOString().replace('Z', '000+00:00')

export function later(now, last) {
  if (now > last) return now
  const micros = Number(last.slice(20, 26)) + 1
  return micros < 1e6
    ? `${last.slice(0, 20)}${String(micros).padStart(6, '0')}+00:00`
    : timeText(new Date(Date.parse(`${last.slice(0, 19)}Z`) + 1000))
}

export function writes(viewer, group, head, message, seq, clientUuid, now) {
  const seconds = Math.floor(now / 1000)
  const minute = new Date(now - (now % 60_000))
  const ReturnValuesOnConditionCheckFailure = 'ALL_OLD'
  const N = (number) => ({ N: String(number) })
  const sent = clientUuid && {
    Put: {
      TableName,
      Item: {
        pk: { S: `SENT#${viewer.uuid}` },
        sk: { S: clientUuid },
        group_uuid: { S: group },
        message_sk: { S: message.createdAt },
        seq: N(seq),
        expires_at: N(seconds + KEPT),
      },
      ConditionExpression: 'attribute_not_exists(pk) OR expires_at < :now',
      ExpressionAttributeValues: { ':now': N(seconds) },
      ReturnValuesOnConditionCheckFailure,
    },
  }
  return [
    {
      Update: {
        TableName,
        Key: headKey(group),
        UpdateExpression: 'SET last_sk = :new_sk, last_seq = :new_seq',
        ConditionExpression: 'members = :members AND last_sk = :old_sk AND last_seq = :old_seq',
        ExpressionAttributeValues: {
          ':new_sk': { S: message.createdAt },
          ':new_seq': N(seq),
          ':members': head.members,
          ':old_sk': head.last_sk,
          ':old_seq': head.last_seq,
        },
        ReturnValuesOnConditionCheckFailure,
      },
    },
    {
      Put: {
        TableName,
        Item: {
          pk: { S: `MSG#${group}` },
          sk: { S: message.createdAt },
          message_uuid: { S: message.uuid },
          message: { S: message.message },
          seq: N(seq),
          user_uuid: { S: viewer.uuid },
          user_display_name: { S: viewer.displayName },
          user_handle: { S: viewer.handle },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure,
      },
    },
    ...(sent ? [sent] : []),
    {
      Update: {
        TableName,
        Key: { pk: { S: `RATE#${viewer.uuid}` }, sk: { S: timeText(minute) } },
        UpdateExpression: 'SET expires_at = :expires_at ADD sends :one',
        ConditionExpression: 'attribute_not_exists(sends) OR sends < :limit',
        ExpressionAttributeValues: {
          ':expires_at': N(Math.floor(minute / 1000) + 300),
          ':one': N(1),
          ':limit': N(config.maxSends),
        },
        ReturnValuesOnConditionCheckFailure,
      },
    },
  ]
}
