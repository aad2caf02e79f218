import { defineConfig } from 'vitest/config';

const conditions = ['@millrace/source', 'node', 'development|production'];

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{apps,libs,tools,examples}/**/{src,test}/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['libs/testkit/src/vitest/global-setup.ts'],
    // the AWS SDK signs whatever the emulators are sent
    env: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    fsModuleCache: false,
  },
});
