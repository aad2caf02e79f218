import { resolve } from 'node:path';

/** The five services, in the order in which data passes through them. */
export const serviceNames = ['ingestion-api', 'orchestrator', 'dataset-generator', 'analyst', 'callback-dispatcher'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The root of the repository. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

export const serviceEntry = (service: ServiceName): string => resolve(repositoryRoot, 'apps', service, 'dist/main.js');
