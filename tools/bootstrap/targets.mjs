const lint = ['node_modules/oxlint/bin/oxlint', '--deny-warnings'];
const layers = ['tools/verify/dist/layers-command.js'];
const test = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json'];
const service = (script) => ['--enable-source-maps', script];

const benches = {
  hostile: 'tools/bench/dist/hostile/hostile-command.js',
  pipelines: 'tools/compare/dist/compare-command.js',
  canvas: 'tools/compare/dist/compare-command.js',
  models: 'tools/model-bench/dist/models-command.js',
  overload: 'tools/bench/dist/overload/overload-command.js',
  callbacks: 'tools/callback-bench/dist/callbacks-command.js',
  pools: 'tools/pool-bench/dist/pools-command.js',
  sqs: 'tools/sqs-bench/dist/sqs-command.js',
};
const benchOf = ([what]) => (Object.hasOwn(benches, what ?? '') ? benches[what] : 'tools/bench/dist/bench-command.js');

/** What can be run, as argument lists for Node, relative to the root; the caller's own arguments go to the last one. */
export const targets = {
  start: { needsBuild: true, commands: (args) => [[...service('tools/local-stack/dist/start-command.js'), ...args]] },
  demo: { needsBuild: true, commands: (args) => [[...service('tools/local-stack/dist/demo-command.js'), ...args]] },
  example: { needsBuild: true, commands: (args) => [[...service('examples/dist/running/run-command.js'), ...args]] },
  bench: { needsBuild: true, commands: (args) => [[...service(benchOf(args)), ...args]] },
  test: { needsBuild: true, commands: (args) => [[...test, ...args]] },
  millrace: { needsBuild: true, commands: (args) => [[...service('apps/cli/dist/main.js'), ...args]] },
  build: { needsBuild: true, commands: () => [] },
  docs: { needsBuild: true, commands: () => [['tools/docs/dist/generate.js']] },
  new: { needsBuild: true, commands: (args) => [['tools/generators/dist/new-command.js', ...args]] },
  lint: { needsBuild: false, commands: (args) => [[...lint, ...args]] },
  layers: { needsBuild: true, commands: (args) => [[...layers, ...args]] },
  check: { needsBuild: true, commands: (args) => [lint, layers, [...layers, '--self-test'], [...test, ...args]] },
};
