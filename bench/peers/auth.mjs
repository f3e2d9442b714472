// Who asks: the access token's signature, issuer, client, use and times, then the person.
import { createPublicKey } from 'node:crypto'
import { createVerifier } from 'fast-jwt'
import { GraphQLError } from 'graphql'
import { config } from './config.mjs'
import { People, findBySubject, knownBySubject } from './people.mjs'

const { keys } = await (await fetch(config.jwks)).json()
const key = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' })
// With a key that is there already it is synchronous, and with its cache it checks a signature
// once: what its documentation recommends.
const verify = createVerifier({
  key,
  algorithms: ['RS256'],
  allowedIss: config.issuer,
  requiredClaims: ['exp', 'iss', 'sub'],
  cache: 10_000,
})

const refused = () =>
  new GraphQLError('The access token is not valid.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  })

function subject(authorization) {
  let claims
  try {
    claims = verify(authorization.slice('Bearer '.length))
  } catch {
    throw refused()
  }
  if (claims.token_use !== 'access' || claims.client_id !== config.clientId) throw refused()
  return claims.sub
}

export function contextOf(authorization) {
  const sub = subject(authorization ?? '')
  const viewer = knownBySubject(sub)
  if (viewer) return { viewer, people: new People() }
  return findBySubject(sub).then((found) => {
    if (!found) throw refused()
    return { viewer: found, people: new People() }
  })
}
