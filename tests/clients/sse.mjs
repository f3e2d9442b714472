// Runs one operation with graphql-sse's client; prints each result as a line of JSON.
// usage: node sse.mjs URL TOKEN PARAMETERS COUNT: ends after COUNT results, or when they end
import { createClient } from 'graphql-sse';

const [url, token, parameters, count] = process.argv.slice(2);
const client = createClient({ url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 });
const results = client.iterate(JSON.parse(parameters));
let seen = 0;
try {
  for await (const result of results) {
    console.log(JSON.stringify(result));
    if (++seen === Number(count)) break;
  }
} catch (error) {
  console.log(JSON.stringify({ status: error.response?.status, body: await error.response?.json() }));
}
