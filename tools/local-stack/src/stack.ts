import { mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from './answers.js';
import { backendOf } from './backend.js';
import { prepareDataFolder } from './data-folder.js';
import { launchErrors } from './errors.js';
import { ManagedProcess } from './managed-process.js';
import { freePorts, requireFreePort } from './ports.js';
import { type Profile, requireRedis } from './profile.js';
import { serviceEntry, type ServiceName, serviceNames } from './service.js';

type Env = Readonly<Record<string, string>>;
export type ProcessName = ServiceName | 'emulators';

export type StackEvent =
  | { readonly type: 'waiting'; readonly for: readonly ProcessName[] }
  | { readonly type: 'ready'; readonly process: ProcessName; readonly ms: number }
  | { readonly type: 'died'; readonly process: ProcessName; readonly how: string; readonly restartInMs: number };

export interface StackOptions {
  readonly profile: Profile;
  /** Emulator data, blobs, `logs/<process>.log` and, while the stack runs, `stack.env`: how to reach it. */
  readonly dataDir: string;
  readonly callbackSecret: string;
  /** The port of the ingestion API; default: a free one. */
  readonly apiPort?: number;
  /** More settings, for every service. */
  readonly env?: Env;
  /** More settings, for one service; they win over `env`. */
  readonly serviceEnv?: Partial<Record<ServiceName, Env>>;
  readonly entryOf?: (service: ServiceName) => string;
  readonly onEvent?: (event: StackEvent) => void;
}

/** Longer than the services themselves wait for what they have begun. */
const drainMs = 30_000;

/** The whole product on this machine: the emulators, unless Redis is used, and the five services, each a process of its own. */
export class Stack {
  readonly #options: StackOptions;
  readonly #processes = new Map<ProcessName, ManagedProcess>();
  readonly #healthUrls = new Map<ServiceName, string>();
  #apiUrl = '';
  #hasEnvFile = false;
  #stopped: Promise<boolean> | undefined;

  constructor(options: StackOptions) {
    this.#options = options;
  }

  /** Where the ingestion API listens; known once `start` has resolved. */
  get apiUrl(): string {
    return this.#apiUrl;
  }

  /** Resolves when every process is ready. When one fails to start, stops the others and throws MILLRACE_LAUNCH_*. */
  async start(): Promise<void> {
    const { profile, dataDir, apiPort } = this.#options;
    await prepareDataFolder(dataDir);
    if (apiPort !== undefined) await requireFreePort(apiPort);
    if (profile.name === 'redis') await requireRedis(profile.url);
    const backend = await backendOf(profile, dataDir);
    if (backend.emulators) this.#add('emulators', { ...backend.emulators, env: process.env });
    await this.#addServices(backend.env);
    await writeFile(this.#envFile, envLines({ ...backend.env, MILLRACE_PUBLIC_URL: this.#apiUrl, ...this.#options.env }), { mode: 0o600 });
    this.#hasEnvFile = true;
    try {
      await this.#startAll(['emulators']);
      await this.#startAll(serviceNames);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Process ids by name; a process that is down at the moment has none. */
  pids(): ReadonlyMap<ProcessName, number> {
    const pids = new Map<ProcessName, number>();
    for (const [name, { pid }] of this.#processes) if (pid !== undefined) pids.set(name, pid);
    return pids;
  }

  /** Where a service tells its health and its metrics. */
  healthUrl(service: ServiceName): string {
    return this.#healthUrls.get(service) ?? '';
  }

  /** Sends a signal to a process, by default SIGKILL; a process that dies of it is started again. */
  async kill(name: ProcessName, signal?: NodeJS.Signals): Promise<void> {
    await this.#process(name).kill(signal);
  }

  /** Resolves when the process is ready, for after a `kill`. */
  async untilReady(name: ProcessName): Promise<void> {
    await this.#process(name).untilReady();
  }

  /** What a process has written to its log. */
  async logLines(name: ProcessName): Promise<string[]> {
    return await this.#process(name).logLines();
  }

  /**
   * Closes the front door, then drains the other services, then stops the emulators. Resolves when every process is
   * gone, with whether all of them went by themselves within the grace of 30 s.
   */
  async stop(): Promise<boolean> {
    this.#stopped ??= this.#stopInOrder();
    return await this.#stopped;
  }

  /** Kills what still runs. */
  async stopNow(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((each) => each.stop(0)));
  }

  async #addServices(backendEnv: Env): Promise<void> {
    const { apiPort, callbackSecret, env, serviceEnv, entryOf = serviceEntry } = this.#options;
    const [freeApiPort, ...healthPorts] = await freePorts(1 + serviceNames.length);
    const port = String(apiPort ?? freeApiPort);
    this.#apiUrl = `http://127.0.0.1:${port}`;
    const common = {
      ...process.env,
      ...backendEnv,
      MILLRACE_HOST: '127.0.0.1',
      MILLRACE_PORT: port,
      MILLRACE_PUBLIC_URL: this.#apiUrl,
      MILLRACE_CALLBACK_SECRETS: callbackSecret,
      MILLRACE_CALLBACK_ALLOW_PRIVATE: 'true',
      ...env,
    };
    for (const [index, service] of serviceNames.entries()) {
      const health = `http://127.0.0.1:${healthPorts[index]}`;
      this.#healthUrls.set(service, health);
      this.#add(service, {
        command: [entryOf(service)],
        env: { ...common, MILLRACE_HEALTH_PORT: String(healthPorts[index]), ...serviceEnv?.[service] },
        isReady: () => answers(`${health}/health/ready`, 200),
      });
    }
  }

  #add(name: ProcessName, about: { command: readonly string[]; env: NodeJS.ProcessEnv; isReady(): Promise<boolean> }): void {
    const logs = join(this.#options.dataDir, 'logs');
    mkdirSync(logs, { recursive: true });
    const onDied = (how: string, restartInMs: number) => this.#tell({ type: 'died', process: name, how, restartInMs });
    this.#processes.set(name, new ManagedProcess({ ...about, name, logFile: join(logs, `${name}.log`), onDied }));
  }

  async #startAll(names: readonly ProcessName[]): Promise<void> {
    if (this.#stopped) throw launchErrors.error('MILLRACE_LAUNCH_PROCESS', 'stopped before everything was ready');
    const waiting = new Set(names.filter((name) => this.#processes.has(name)));
    if (waiting.size === 0) return;
    const tellWaiting = () => this.#tell({ type: 'waiting', for: [...waiting] });
    tellWaiting();
    const began = performance.now();
    const startOne = async (name: ProcessName) => {
      await this.#process(name).start();
      waiting.delete(name);
      this.#tell({ type: 'ready', process: name, ms: performance.now() - began });
      if (waiting.size > 0) tellWaiting();
    };
    await Promise.all([...waiting].map(startOne));
  }

  async #stopInOrder(): Promise<boolean> {
    const stop = (name: ProcessName) => this.#processes.get(name)?.stop(drainMs) ?? true;
    const door = await stop('ingestion-api');
    const workers = await Promise.all(serviceNames.slice(1).map(stop));
    const emulators = await stop('emulators');
    if (this.#hasEnvFile) await rm(this.#envFile, { force: true });
    return [door, ...workers, emulators].every(Boolean);
  }

  /** For tools that are to talk to what runs here. */
  get #envFile(): string {
    return join(this.#options.dataDir, 'stack.env');
  }

  #process(name: ProcessName): ManagedProcess {
    const found = this.#processes.get(name);
    if (!found) throw new RangeError(`this stack runs no ${name}`);
    return found;
  }

  #tell(event: StackEvent): void {
    this.#options.onEvent?.(event);
  }
}

const envLines = (env: Env): string => Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join('');
