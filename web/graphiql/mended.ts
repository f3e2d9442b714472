// What GraphiQL 5.4 says to those who hear it, mended in its own code as it is built: no style or
// attribute from outside gets there. https://github.com/graphql/graphiql/issues/3422
import type { Plugin } from "vite";

/** By file of a package: what stands there once, and what is to stand there. */
const MENDS: Record<string, [string, string][]> = {
  // A tab may hold nothing that one can press (WAI-ARIA 1.2, "Presentational Children"), and its
  // arrow keys would have to work. So what GraphiQL calls tabs is called what it is: a list, each
  // item of which has two buttons, which shows the operation and which closes it. The role says
  // so to Safari, too, for which a list without bullets is none.
  "@graphiql/react/dist/components/tabs/index.js": [
    ['role: "tablist"', 'role: "list"'],
    ['role: "tab"', 'role: "listitem"'],
    ['"aria-selected": isActive,', ""],
  ],
  "graphiql/dist/GraphiQL.js": [
    ["jsx(Tab.Button, {", 'jsx(Tab.Button, { "aria-current": index_1 === activeTabIndex,'],
    ["jsx(Tab.Close, {", 'jsx(Tab.Close, { "aria-label": `Close ${tab.title}`,'],
    ['role: "tabpanel"', 'role: "group"'],
    // The button that closes goes with what it closes: one goes on from what is shown now.
    [
      "closeTab(index);",
      'closeTab(index); requestAnimationFrame(() => document.querySelector(".graphiql-tab-active button").focus());',
    ],
  ],
  // An item is called by its text. "Set active" is its tooltip still.
  "@graphiql/plugin-history/dist/components.js": [[', "aria-label": "Set active"', ""]],
};

/** Mends GraphiQL, or ends the build where its code is another: an upgrade is to be looked at. */
export function mended(): Plugin {
  const left = new Set(Object.keys(MENDS));
  return {
    name: "mended-graphiql",
    transform(code, id) {
      const file = Object.keys(MENDS).find((each) => id.endsWith(`/node_modules/${each}`));
      if (file === undefined) return null;
      left.delete(file);
      for (const [before, after] of MENDS[file] ?? []) {
        const parts = code.split(before);
        if (parts.length !== 2)
          this.error(`${file} has ${parts.length - 1} times, not once: ${before} (see mended.ts)`);
        code = parts.join(after);
      }
      return { code, map: null };
    },
    buildEnd(error) {
      if (!error && left.size) this.error(`not in the build: ${[...left]} (see mended.ts)`);
    },
  };
}
