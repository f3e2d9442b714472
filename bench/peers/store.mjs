// DynamoDB by the AWS SDK: one client, kept-alive connections, typed attributes as they come
// (the document client would convert each of them once more).
import { Agent } from 'node:http'
import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { config } from './config.mjs'
import { leanStore } from './lean_store.mjs'

function sdkStore() {
  const client = new DynamoDBClient({
    region: config.region,
    endpoint: config.endpoint,
    credentials: { accessKeyId: config.keyId, secretAccessKey: config.secret },
    requestHandler: new NodeHttpHandler({
      httpAgent: new Agent({ keepAlive: true, maxSockets: 100 }),
    }),
  })
  return {
    getItem: (input) => client.send(new GetItemCommand(input)),
    query: (input) => client.send(new QueryCommand(input)),
    transact: (input) => client.send(new TransactWriteItemsCommand(input)),
  }
}

export const store = config.lean ? leanStore() : sdkStore()
