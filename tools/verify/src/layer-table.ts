/** Every layer, from the lowest up. A package names its own in `nx.tags` of its package.json, as `layer:<name>`. */
export const layers = ['kernel', 'contracts', 'core', 'ports', 'clients', 'adapters', 'conformance', 'runtime', 'platform', 'domains', 'product', 'apps', 'testkit', 'tools'] as const;
export type Layer = (typeof layers)[number];

const untilContracts = ['kernel', 'contracts'] as const;
const untilCore = [...untilContracts, 'core'] as const;
const untilPorts = [...untilCore, 'ports'] as const;

/** Which layers the packages of a layer may import. */
export const mayImport: Readonly<Record<Layer, readonly Layer[]>> = {
  kernel: ['kernel'],
  contracts: untilContracts,
  core: untilCore,
  ports: untilPorts,
  clients: untilContracts,
  adapters: [...untilPorts, 'clients'],
  conformance: [...untilPorts, 'conformance'],
  runtime: [...untilPorts, 'runtime'],
  platform: [...untilPorts, 'clients', 'adapters', 'runtime', 'platform'],
  domains: [...untilCore, 'domains'],
  product: [...untilPorts, 'runtime', 'domains', 'product'],
  apps: [...untilPorts, 'runtime', 'platform', 'domains', 'product'],
  testkit: layers,
  tools: layers,
};

/** What specs, and the files of `test` folders, may import besides. */
export const specsMayImport: readonly Layer[] = ['testkit', 'conformance'];

export interface Reserved {
  /** Module names; `name/*` for everything that begins so. */
  readonly modules: readonly string[];
  readonly layers: readonly Layer[];
  readonly why: string;
}

/** Modules that only some layers may import. */
export const reserved: readonly Reserved[] = [
  { modules: ['@aws-sdk/*', '@smithy/*', 'bullmq', 'ioredis'], layers: ['clients', 'adapters', 'testkit', 'tools'], why: 'clients of brokers and stores belong to adapters' },
  { modules: ['@nestjs/*'], layers: ['platform', 'apps'], why: 'NestJS belongs to platform and apps' },
];

/** Where time and randomness may come from: kernel, and what has timers of its own. Specs may too. */
export const mayReadTime: readonly Layer[] = ['kernel', 'clients', 'adapters', 'conformance', 'testkit', 'tools'];

/** Where the process environment may be read, besides these layers and specs. */
export const mayReadEnvironment: readonly Layer[] = ['testkit', 'tools'];
export const environmentFile = 'libs/platform/src/process-environment.ts';
