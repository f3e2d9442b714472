// GraphQL Yoga on Node's own server, with its parser and validation caches and graphql-jit.
import { createServer } from 'node:http'
import { useGraphQlJit } from '@envelop/graphql-jit'
import { createYoga } from 'graphql-yoga'
import { contextOf } from './auth.mjs'
import { config } from './config.mjs'
import { schema } from './schema.mjs'

const yoga = createYoga({
  schema,
  plugins: [useGraphQlJit()],
  context: ({ request }) => contextOf(request.headers.get('authorization')),
  graphiql: false,
  landingPage: false,
  logging: false,
  cors: false,
  multipart: false,
})
createServer(yoga).listen(config.port, config.host)
