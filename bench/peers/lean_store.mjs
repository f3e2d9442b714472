// DynamoDB by hand: SigV4 with the signing key kept for its day, JSON over undici's kept-alive
// connections. Neither retries nor refreshed credentials: nobody could run this as it is.
import { createHmac, hash } from 'node:crypto'
import { Pool } from 'undici'
import { config } from './config.mjs'

const SIGNED = 'content-type;host;x-amz-date;x-amz-target'
const JSON_TYPE = 'application/x-amz-json-1.0'
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

export function leanStore() {
  const pool = new Pool(config.endpoint, { connections: 100, pipelining: 1 })
  const { host } = new URL(config.endpoint)
  let day = ''
  let key

  function headers(target, body) {
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    if (time.slice(0, 8) !== day) {
      day = time.slice(0, 8)
      const parts = [day, config.region, 'dynamodb', 'aws4_request']
      key = parts.reduce(hmac, `AWS4${config.secret}`)
    }
    const scope = `${day}/${config.region}/dynamodb/aws4_request`
    const canonical =
      `POST\n/\n\ncontent-type:${JSON_TYPE}\nhost:${host}\nx-amz-date:${time}\n` +
      `x-amz-target:${target}\n\n${SIGNED}\n${hash('sha256', body)}`
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical)}`
    const signature = createHmac('sha256', key).update(toSign).digest('hex')
    return [
      'content-type', JSON_TYPE,
      'host', host,
      'x-amz-date', time,
      'x-amz-target', target,
      'authorization',
      `AWS4-HMAC-SHA256 Credential=${config.keyId}/${scope}, SignedHeaders=${SIGNED}, ` +
        `Signature=${signature}`,
    ]
  }

  const call = (operation) => (input) =>
    new Promise((resolve, reject) => {
      const target = `DynamoDB_20120810.${operation}`
      const body = JSON.stringify(input)
      const chunks = []
      let status
      pool.dispatch(
        { method: 'POST', path: '/', headers: headers(target, body), body },
        {
          onConnect() {},
          onError: reject,
          onHeaders(code) {
            status = code
            return true
          },
          onData(chunk) {
            chunks.push(chunk)
            return true
          },
          onComplete() {
            const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
            const answer = JSON.parse(whole.toString())
            if (status === 200) return resolve(answer)
            const name = String(answer.__type).split('#').pop()
            reject(Object.assign(new Error(name), { name }))
          },
        },
      )
    })

  return {
    getItem: call('GetItem'),
    query: call('Query'),
    transact: call('TransactWriteItems'),
  }
}
