import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// What the desktop host allows its windows; `vite preview` sends the same, so that a breach shows in a browser too.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self' ipc: http://ipc.localhost",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

interface Graph {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

/** Whether a page has a module before it does anything: what it reads later does not count. */
function startsWith(entry: string, id: string, graph: Graph, seen = new Set<string>()): boolean {
  if (id.endsWith(entry)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return (graph.getModuleInfo(id)?.importers ?? []).some((importer) => startsWith(entry, importer, graph, seen));
}

/** What both windows start with, and what the main window does: one file each, for every file of a start is waited for. */
function startOf(id: string, graph: Graph): string | null {
  if (/\/src\/(main|card)\.ts$/.test(id) || !startsWith("/src/main.ts", id, graph)) return null;
  return startsWith("/src/card.ts", id, graph) ? "both" : "window";
}

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  preview: { headers: { "Content-Security-Policy": policy } },
  build: {
    target: ["safari16.4", "chrome111"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: { main: page("index.html"), card: page("card.html") },
      output: { codeSplitting: { groups: [{ name: startOf }] } },
    },
  },
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: { environment: "jsdom", include: ["src/**/*.test.ts"], setupFiles: ["src/test-setup.ts"] },
});
