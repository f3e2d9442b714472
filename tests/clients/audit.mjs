// Runs the audits of graphql-http against the server at a URL; prints their results as JSON.
// usage: node audit.mjs URL TOKEN
import { auditServer } from 'graphql-http';

const [url, token] = process.argv.slice(2);

function signedIn(input, init = {}) {
  const headers = { ...init.headers, authorization: `Bearer ${token}` };
  return fetch(input, { ...init, headers });
}

const results = await auditServer({ url, fetchFn: signedIn });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
