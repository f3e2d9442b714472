import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect } from "react";

/** Follows the system from day to night and back: by itself GraphiQL's editors would stay behind. */
export function SystemTheme() {
  const chosen = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (chosen) return;
    const night = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setTheme(null);
    night.addEventListener("change", follow);
    return () => night.removeEventListener("change", follow);
  }, [chosen, setTheme]);
  return null;
}
