import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/lib/paraglide",
      strategy: ["baseLocale"],
    }),
    svelte(),
    svelteTesting(),
  ],
  resolve: { alias: { $lib: new URL("./src/lib", import.meta.url).pathname } },
  // The port is the one that tauri.conf.json names as devUrl.
  server: { port: 1420, strictPort: true },
  build: {
    // The oldest web views the app is shipped for (WebKitGTK 2.50, WKWebView of Safari 17.5, WebView2).
    target: ["safari17.5", "chrome123"],
    // The content security policy has no data: source, so nothing may be inlined as one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    // A file costs only its own tests, because all of them share one page; what a test put on it goes after it.
    isolate: false,
    alias: { "bits-ui": new URL("./tests/bits-ui.ts", import.meta.url).pathname },
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
