import { defineConfig } from 'vitest/config';

const conditions = ['@millrace/source', 'node', 'development|production'];

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{apps,libs,tools}/**/{src,test}/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['libs/testkit/src/vitest/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    fsModuleCache: false,
  },
});
