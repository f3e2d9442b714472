// graphql-ws on ws: subscriptions only, and the door by which the benchmark brings news.
import { createServer } from 'node:http'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { contextOf } from './auth.mjs'
import { config } from './config.mjs'
import './garbage.mjs'
import { schema } from './schema.mjs'
import { publish } from './updates.mjs'

const server = createServer(async (request, response) => {
  const parts = []
  for await (const part of request) parts.push(part)
  publish(JSON.parse(Buffer.concat(parts)))
  response.writeHead(204).end()
})
useServer(
  {
    schema,
    onConnect: async (context) => {
      context.extra.person = await contextOf(context.connectionParams?.Authorization)
    },
    context: (context) => context.extra.person,
  },
  new WebSocketServer({ server, path: '/graphql' }),
)
server.listen(config.port, config.host)
