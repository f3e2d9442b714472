import type { CodegenConfig } from "@graphql-codegen/cli";

// Types of the schema and of this page's documents, made at each build: they cannot disagree.
export default {
  schema: "../../schema/schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: "string", UUID: "string" },
      },
    },
  },
} satisfies CodegenConfig;
