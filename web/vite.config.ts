import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.PINGD_URL ?? 'http://127.0.0.1:8080';
const publicFiles = ['/theme.js', '/icon.svg', '/pattern.svg', '/manifest.webmanifest'];

/** Writes dist/sw.js from src/sw.js, with the names of all built files and a version made of their contents. */
function serviceWorker(): Plugin {
  return {
    name: 'ping-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const names = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
      const shell = ['/', ...publicFiles, ...names.sort().map((name) => `/${name}`)];
      const hash = createHash('sha256').update(JSON.stringify(shell));
      for (const name of publicFiles) hash.update(readFileSync(new URL(`./public${name}`, import.meta.url)));
      const source = readFileSync(new URL('./src/sw.js', import.meta.url), 'utf8')
        .replace('__VERSION__', hash.digest('hex').slice(0, 12))
        .replace('__SHELL__', JSON.stringify(shell));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), serviceWorker()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // An inlined file would be a data: address, which the page's content security policy refuses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // 2 % smaller than esbuild's.
    minify: 'terser',
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3 } },
  },
  resolve: {
    // wouter asks for the shim of what React has had since 18.
    alias: { 'use-sync-external-store/shim/index.js': 'react' },
  },
  server: {
    proxy: {
      '/api/v1/ws': { target: server, ws: true },
      '/api': server,
      '/dev': server,
    },
  },
  test: { include: ['tests/{unit,component}/**/*.test.{ts,tsx}'], restoreMocks: true },
});
