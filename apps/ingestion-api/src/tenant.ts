import type { FastifyRequest } from 'fastify';

/** Whose request it is. Everything is read and written under this name, and nothing else says it. */
export const tenantOf = (_request: FastifyRequest): string => 'default';
