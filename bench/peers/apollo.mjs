// Apollo Server 5, standalone; its documents are cached by default.
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { contextOf } from './auth.mjs'
import { config } from './config.mjs'
import { schema } from './schema.mjs'

const server = new ApolloServer({ schema, introspection: false })
await startStandaloneServer(server, {
  context: async ({ req }) => contextOf(req.headers.authorization),
  listen: { host: config.host, port: config.port },
})
