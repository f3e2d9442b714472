// People from Postgres, remembered for a minute as our server does; who is not is loaded in
// batches, by a DataLoader of the request's own.
import DataLoader from 'dataloader'
import pg from 'pg'
import { config } from './config.mjs'

const KEPT = 60_000
const pool = new pg.Pool({ connectionString: config.database, max: 8 })
const byUuid = new Map()
const bySubject = new Map()

function recall(memory, key) {
  const known = memory.get(key)
  return known !== undefined && known.until > Date.now() ? known.person : undefined
}

function remember(memory, key, person) {
  memory.set(key, { person, until: Date.now() + KEPT })
  return person
}

const COLUMNS = 'uuid::text, handle, display_name AS "displayName"'

export async function findBySubject(subject) {
  const sql = `SELECT ${COLUMNS} FROM users WHERE cognito_user_id = $1`
  const { rows } = await pool.query(sql, [subject])
  return remember(bySubject, subject, rows[0] ?? null)
}

export const knownBySubject = (subject) => recall(bySubject, subject)

async function load(uuids) {
  const sql = `SELECT ${COLUMNS} FROM users WHERE uuid = ANY($1::uuid[])`
  const { rows } = await pool.query(sql, [uuids])
  for (const person of rows) remember(byUuid, person.uuid, person)
  const found = new Map(rows.map((person) => [person.uuid, person]))
  return uuids.map((uuid) => found.get(uuid) ?? null)
}

export class People {
  // A person who is remembered is there at once: no promise for the executor to wait for.
  get(uuid) {
    const known = recall(byUuid, uuid)
    if (known !== undefined) return known
    this.loader ??= new DataLoader(load)
    return this.loader.load(uuid)
  }
}
