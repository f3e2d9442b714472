import "graphiql/setup-workers/vite"; // first: Monaco looks for its workers as it is loaded
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import readme from "../../../README.md?raw";
import { headersWith, seededPeople, tokenOf } from "./people";
import { SignInMenu } from "./SignInMenu";
import { SystemTheme } from "./SystemTheme";
import "./style.css";

const FIRST = "andrewbrown"; // he has the longest conversation of the seed

const people = await seededPeople();
const handle = people.some(({ handle }) => handle === FIRST) ? FIRST : people[0]?.handle;
const token = handle === undefined ? null : await tokenOf(handle);
const headers = token === null ? "" : headersWith(token);

const url = new URL("/graphql", location.href);
const socket = new URL(url);
socket.protocol = url.protocol === "https:" ? "wss:" : "ws:";
// The headers editor's content also goes into the socket's connectionParams.
const fetch = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href });
// The schema is asked for before the headers editor is there: then there are no headers yet.
const fetcher: typeof fetch = (request, options) =>
  request.operationName === "IntrospectionQuery" && headers
    ? fetch(request, { headers: JSON.parse(headers), ...options })
    : fetch(request, options);

const operations = [...readme.matchAll(/```graphql\n(.*?)```/gs)].map((found) => found[1]);

createRoot(document.getElementById("graphiql")!).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={operations.map((query) => ({ query: query ?? null }))}
    initialHeaders={headers}
    defaultHeaders={headers}
    defaultEditorToolsVisibility="headers"
  >
    <GraphiQL.Logo>
      <SystemTheme />
      {handle && token && <SignInMenu people={people} first={{ handle, token }} />}
    </GraphiQL.Logo>
  </GraphiQL>,
);
