// Live updates within one process: an async iterator for each subscriber, and news for all.
// It is as short as one can be: node:events' own iterator does more for each event.
import { membership } from './messaging.mjs'

const audiences = new Map() // a group's uuid → its iterators

class Updates {
  constructor(group) {
    this.group = group
    this.waiting = []
    this.wake = null
    const audience = audiences.get(group) ?? new Set()
    audiences.set(group, audience.add(this))
  }

  push(value) {
    if (this.wake === null) return this.waiting.push(value)
    const wake = this.wake
    this.wake = null
    wake({ value, done: false })
  }

  next() {
    if (this.waiting.length) return Promise.resolve({ value: this.waiting.shift(), done: false })
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }

  return() {
    audiences.get(this.group).delete(this)
    this.wake?.({ value: undefined, done: true })
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator]() {
    return this
  }
}

export async function updates({ viewer }, group) {
  await membership(viewer, group)
  return new Updates(group)
}

// The benchmark posts the news: nobody has to be rung for it, and nothing is read.
export function publish({ groupUuid, message }) {
  const conversation = { groupUuid, lastMessageAt: message.createdAt }
  const cursor = Buffer.from(JSON.stringify(['m', groupUuid, message.createdAt])).toString('base64url')
  const update = { messageGroupUpdated: { cursor, conversation, message } }
  for (const each of audiences.get(groupUuid) ?? []) each.push(update)
}
