// Live updates within one process: who is subscribed to a group, and news for them.
import { EventEmitter, on } from 'node:events'

const bell = new EventEmitter().setMaxListeners(0)

export const publish = (group, update) => bell.emit(group, update)

export async function* updates(_, group) {
  for await (const [update] of on(bell, group)) yield { messageGroupUpdated: update }
}
