// Mercurius on Fastify, queries compiled by graphql-jit from the first one on.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { contextOf } from './auth.mjs'
import { config } from './config.mjs'
import './garbage.mjs'
import { schema } from './schema.mjs'
import { publish } from './updates.mjs'

const app = Fastify({ logger: false })
app.register(mercurius, {
  schema,
  jit: 1,
  graphiql: false,
  context: (request) => contextOf(request.headers.authorization),
  subscription: { onConnect: ({ payload }) => contextOf(payload?.Authorization) },
})
// The door by which the benchmark brings news.
app.post('/publish', async (request, reply) => {
  publish(request.body)
  return reply.code(204).send()
})
await app.listen({ host: config.host, port: config.port })
