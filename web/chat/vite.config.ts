import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = "http://127.0.0.1:4000"; // of ./bin/dev, for `npm run dev`

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "build/draft", // bin/web/build makes it build/site once it is whole
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One script: a page that is open asks for no file of a version that has been replaced.
    rolldownOptions: { output: { codeSplitting: false } },
  },
  server: {
    proxy: {
      "/development": server,
      "/sign-in": server,
      "/graphql": { target: server, ws: true },
    },
  },
});
