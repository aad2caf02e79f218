import { STATUS_CODES } from 'node:http';
import type { IngestionView, Problem } from '@millrace/contracts';
import { messageOf } from '@millrace/kernel';
import { cliErrors } from './errors.js';

interface Request {
  readonly contentType: string;
  readonly query: Readonly<Record<string, string>>;
}

/** The HTTP API of a deployment. */
export class IngestionApi {
  constructor(private readonly url: string) {}

  /** Rejects with MILLRACE_CLI_UNREACHABLE, or MILLRACE_CLI_REFUSED with the reason. */
  ingest(body: Blob, { contentType, query }: Request): Promise<{ readonly id: string }> {
    const path = `/v1/ingestions?${new URLSearchParams(query)}`;
    return this.#fetch(path, { method: 'POST', body, headers: { 'content-type': contentType } });
  }

  view(id: string): Promise<IngestionView> {
    return this.#fetch(`/v1/ingestions/${encodeURIComponent(id)}`);
  }

  async #fetch<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(new URL(path, this.url), init).catch((err: unknown) => {
      const reason = err instanceof Error && err.cause ? messageOf(err.cause) : messageOf(err);
      throw cliErrors.error('MILLRACE_CLI_UNREACHABLE', `cannot reach the ingestion API at ${this.url} (${reason}): start it (npm start), or say where it is with --api or MILLRACE_PUBLIC_URL`, { cause: err });
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw cliErrors.error('MILLRACE_CLI_REFUSED', `the ingestion API answered ${response.status} ${STATUS_CODES[response.status] ?? ''}: ${reasonIn(text)}`);
  }
}

function reasonIn(text: string): string {
  try {
    const { title, detail }: Partial<Problem> = JSON.parse(text);
    return detail ?? title ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
