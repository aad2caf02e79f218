import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemClock } from '@millrace/kernel';
import { ScriptedDns } from '@millrace/testkit';
import { type CallbackClient, createDnsResolve, openCallbackClient } from '@millrace/webhooks';

/**
 * For a network namespace of its own: makes every address of the internet one of this host, listens on all of them, sends
 * callbacks to the URLs of its arguments, and prints which addresses were connected to.
 */
const flips = 20;
const publicAddress = '93.184.216.34';
const reached = new Set<string>();

function catchAll(): void {
  for (const args of [['link', 'set', 'lo', 'up'], ['route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo'], ['-6', 'route', 'add', 'local', '::/0', 'dev', 'lo']]) {
    execFileSync('ip', args);
  }
}

async function listen(port: number): Promise<void> {
  const server = createServer((socket) => {
    reached.add((socket.localAddress ?? '').replace(/^::ffff:/, ''));
    socket.on('error', () => undefined);
    socket.resetAndDestroy();
  });
  server.listen({ port, host: '::', ipv6Only: false });
  await once(server, 'listening');
}

/** Public when asked first, then not. */
const startDns = (): Promise<ScriptedDns> =>
  ScriptedDns.start((name, nth) => {
    if (name.startsWith('flip')) return { a: [nth === 1 ? publicAddress : '10.9.0.1'] };
    return name === 'public.test' ? { a: [publicAddress] } : { rcode: 3 };
  });

async function sendAll(client: CallbackClient, urls: readonly string[]): Promise<void> {
  const request = { headers: {}, body: new TextEncoder().encode('{}'), allowHttp: true, timeoutMs: 2_000 };
  const left = urls.values();
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const url of left) await client.post(url, request);
    }),
  );
}

catchAll();
await Promise.all([80, 443, 8443].map(listen));
const dns = await startDns();
const client = await openCallbackClient({ clock: systemClock, allowPrivate: false, connectTimeoutMs: 1_000, resolve: createDnsResolve([dns.address]) });

await sendAll(client, ['https://public.test/']);
const control = reached.delete(publicAddress);
const flipping = Array.from({ length: flips }, (_, i) => Array.from({ length: 4 }, () => `https://flip${i}.test:8443/`)).flat();
await sendAll(client, flipping);
const flipped = [...reached];
reached.clear();
const urls = JSON.parse(process.argv[2] ?? '[]') as string[];
await sendAll(client, urls);
await client.close();
process.stdout.write(JSON.stringify({ control, flipped, reached: [...reached] }), () => process.exit(0));
