import "graphiql/setup-workers/vite"; // first: Monaco looks for its workers as it is loaded
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import readme from "../../../README.md?raw";
import { headersOf, seededPeople } from "./people";
import { SignInMenu } from "./SignInMenu";
import "./style.css";

const FIRST = "andrewbrown"; // he has the longest conversation of the seed

const people = await seededPeople();
const signedIn = people.some(({ handle }) => handle === FIRST) ? FIRST : people[0]?.handle;
const headers = signedIn ? await headersOf(signedIn) : "";

const url = new URL("/graphql", location.href);
const socket = new URL(url);
socket.protocol = url.protocol === "https:" ? "wss:" : "ws:";
// The headers editor's content also goes into the socket's connectionParams.
const fetch = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href });
// The schema is asked for before the headers editor is there.
const fetcher: typeof fetch = (request, options) =>
  request.operationName === "IntrospectionQuery" && headers
    ? fetch(request, { ...options, headers: JSON.parse(headers) })
    : fetch(request, options);

const operations = [...readme.matchAll(/```graphql\n(.*?)```/gs)].map((found) => found[1]);

createRoot(document.getElementById("graphiql")!).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={operations.map((query) => ({ query: query ?? null, headers }))}
    initialHeaders={headers}
    defaultHeaders={headers}
    defaultEditorToolsVisibility="headers"
  >
    <GraphiQL.Logo>
      {signedIn && <SignInMenu people={people} signedIn={signedIn} headers={headers} />}
    </GraphiQL.Logo>
  </GraphiQL>,
);
