import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mended } from "./mended.ts";

export default defineConfig({
  // The HTML is served at /graphql, beside the API; everything else from here.
  base: "/graphiql/",
  plugins: [react(), mended()],
  build: {
    outDir: "build/draft", // bin/web/build makes it build/site once it is whole
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 10_000, // the editor is Monaco
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/development": "http://127.0.0.1:4000", "/graphql": { target: "http://127.0.0.1:4000", ws: true } } },
});
