import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

export type CallbackUrl = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly message: string };

export interface CallbackUrlRules {
  /** Also admits http, any port, and names and addresses that are not of the open internet. For local networks and development. */
  readonly allowPrivate: boolean;
  /** Also admits http, to port 80 too. */
  readonly allowHttp?: boolean;
}

const mostCharacters = 2048;
const ports = new Set(['', '443', '8443']);
const localNames = /(^|\.)(localhost|local|internal|svc|arpa|onion)$/;

/** The URL if a callback may go there, else why not. For when an ingestion begins, and again before each attempt. */
export function parseCallbackUrl(text: string, { allowPrivate, allowHttp = false }: CallbackUrlRules): CallbackUrl {
  const url = URL.parse(text);
  const message = !url ? 'a callback needs an absolute URL' : (whyNever(text, url) ?? (allowPrivate ? undefined : whyNotPublic(url, allowHttp)));
  return url && message === undefined ? { ok: true, url } : { ok: false, message: message ?? '' };
}

function whyNever(text: string, url: URL): string | undefined {
  if (text.length > mostCharacters) return `a callback URL has at most ${mostCharacters} characters`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'a callback URL starts with https://';
  if (url.username || url.password) return 'a callback URL holds no user name or password';
  if (url.hash) return 'a callback URL has no fragment (#…)';
  return undefined;
}

function whyNotPublic(url: URL, allowHttp: boolean): string | undefined {
  const isPlain = url.protocol === 'http:';
  if (isPlain && !allowHttp) return 'a callback URL starts with https://';
  if (!ports.has(url.port)) return `a callback goes to port ${isPlain ? '80, ' : ''}443 or 8443, not ${url.port}`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) return isPublicAddress(host) ? undefined : notPublic(host);
  const name = host.replace(/\.$/, '');
  return name.includes('.') && !localNames.test(name) ? undefined : notPublic(host);
}

export const notPublic = (host: string): string => `${host} is not on the public internet`;
