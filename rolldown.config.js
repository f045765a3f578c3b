import { defineConfig } from 'rolldown';

/** The command in a few files: reading several hundred takes a second `qpipe run` longer than what it does. */
export default defineConfig({
  input: 'dist/cli/main.js',
  platform: 'node',
  external: ['fs-native-extensions'],
  output: { dir: 'dist/command', chunkFileNames: '[name]-[hash].js', cleanDir: true },
  logLevel: 'warn',
});
