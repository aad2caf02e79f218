import type { BlobStore } from '@millrace/blob-store';
import type { Broker } from '@millrace/broker';
import {
  ArtifactStore,
  CanvasStore,
  type EngineSettings,
  FollowUp,
  HintSender,
  Journal,
  LargeCanvasRunStore,
  Rebuilder,
  RunStarter,
  StepResults,
  Sweeper,
} from '@millrace/engine';
import { type Clock, type Random, Slots } from '@millrace/kernel';
import { queues } from '@millrace/pipeline';
import type { RunRecord, RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';
import { CallbackDelivery, type Endpoints, Finaliser, signingKey } from '@millrace/webhooks';
import { type Executor, TaskExecutor, Worker } from '@millrace/worker';
import { blobStoreOver } from '../ports/blob-store.js';
import { brokerOver } from '../ports/broker.js';
import type { BrokerServer } from '../ports/broker-server.js';
import { callbackClientOver, type Receiver } from '../ports/receiver.js';
import type { RunServer } from '../ports/run-server.js';
import { Host } from '../world/host.js';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';
import type { World } from '../world/world.js';
import type { Workload } from '../workload/workload.js';
import { logOf } from './log.js';
import { metrics } from './metrics.js';
import { router } from '../workload/product.js';

/** What the processes of a cluster share. */
export interface Servers {
  readonly world: World;
  readonly network: Network;
  readonly runs: RunServer;
  readonly blobs: BlobStore;
  readonly broker: BrokerServer;
  readonly receiver: Receiver;
  /** How often handlers fail. */
  readonly trouble: () => number;
}

export interface ClusterOptions {
  readonly workload: Workload;
  readonly sweepers: number;
  /** Whether lost records are made again from the journal. */
  readonly rebuilds: boolean;
  readonly settings: EngineSettings;
  /** The run store as a process has it. */
  runStoreOf(life: Life): RunStore;
}

/** Everything a process is made of, built anew for each life. */
interface Runtime {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
  readonly broker: Broker;
  readonly artifacts: ArtifactStore;
  readonly hints: HintSender;
  readonly followUp: FollowUp;
}

/** A process that takes ingestions, as long as it lives. */
export interface Api {
  readonly life: Life;
  readonly starter: RunStarter;
  readonly runs: Pick<RunStore, 'cancel'>;
}

const keys = [signingKey(`whsec_${Buffer.alloc(24, 7).toString('base64')}`)];

const endpointOf: Endpoints['of'] = async (tenant, url) => ({ tenant, origin: URL.parse(url)?.origin ?? '', allowHttp: false, headers: {}, maxInFlight: 10, timeoutMs: 15_000, keysAt: () => keys });
/** Endpoints without settings and limits: breakers go by the host's time. */
const openEndpoints: Endpoints = {
  of: endpointOf,
  ofNow: endpointOf,
  try: async (_, attempt) => {
    const response = await attempt();
    return { kind: 'made', ...(response && { response }) };
  },
};
const unheard = { dead: { add: async () => undefined }, events: { tell: () => undefined } };

/** The product's processes, made of the real classes as the services make them. */
export class Cluster {
  readonly hosts: readonly Host[];
  readonly #apis = new Map<string, Api>();
  readonly #rebuilders = new Map<string, { readonly life: Life; readonly rebuilder: Rebuilder }>();

  constructor(
    private readonly servers: Servers,
    private readonly options: ClusterOptions,
  ) {
    this.hosts = [
      ...this.#host('api', 2, (life) => this.#bootApi(life)),
      ...this.#host('orchestrator', 2, (life) => this.#bootOrchestrator(life)),
      ...this.#host('worker', 4, (life) => this.#bootWorker(life, ['datasets', 'analyses'], this.#tasks(life, 'work'))),
      ...this.#host('dispatcher', 2, (life) => this.#bootWorker(life, ['callbacks'], (runtime) => this.#delivery(runtime, life))),
      ...this.#host('sweeper', options.sweepers, (life) => this.#bootSweeper(life)),
    ];
  }

  get apis(): readonly Api[] {
    return [...this.#apis.values()];
  }

  /** Has the journal compared with the run store, as after a failover. */
  askForRebuild(): void {
    for (const { life, rebuilder } of this.#rebuilders.values()) life.deliver(() => void rebuilder.ask());
  }

  #host(name: string, count: number, boot: (life: Life) => void): readonly Host[] {
    return Array.from({ length: count }, (_, i) => new Host(`${name}-${i}`, this.servers.world, boot));
  }

  #runtime(life: Life): Runtime {
    const { network, blobs: blobServer, broker: brokerServer, world } = this.servers;
    const base = { clock: life.clock, random: world.random, log: logOf(world, life), metrics, settings: this.options.settings };
    const broker = brokerOver(network, life, brokerServer);
    const blobs = blobStoreOver(network, life, blobServer);
    const artifacts = new ArtifactStore(blobs);
    const runs = new LargeCanvasRunStore(this.options.runStoreOf(life), new CanvasStore(artifacts));
    return { ...base, broker, blobs, artifacts, runs, hints: new HintSender(broker, router, base), followUp: new FollowUp(runs, base) };
  }

  #bootApi(life: Life): void {
    const runtime = this.#runtime(life);
    const { runs, blobs, hints } = runtime;
    this.#apis.set(hostOf(life), { life, runs, starter: new RunStarter(runs, blobs, hints, runtime) });
  }

  #bootOrchestrator(life: Life): void {
    this.#bootWorker(life, ['orchestration'], this.#tasks(life, 'orchestration'));
    if (!this.options.rebuilds) return;
    const { runs, blobs, ...rest } = this.#runtime(life);
    const rebuilder = new Rebuilder(runs, new Journal(blobs), rest);
    this.#rebuilders.set(hostOf(life), { life, rebuilder });
    void rebuilder.ask();
  }

  #bootSweeper(life: Life): void {
    const runtime = this.#runtime(life);
    new Sweeper(runtime.runs, runtime.followUp, runtime.hints, runtime).start();
  }

  #bootWorker(life: Life, names: readonly string[], executorOf: (runtime: Runtime) => Executor): void {
    const runtime = this.#runtime(life);
    const executor = executorOf(runtime);
    const served = queues.filter(({ name }) => names.includes(name));
    const slots = new Slots(3);
    const worker = new Worker(runtime.broker, { queues: served, slotsOf: () => slots, executorFor: () => executor }, runtime);
    void worker.start();
  }

  #tasks(life: Life, kind: 'orchestration' | 'work'): (runtime: Runtime) => Executor {
    return (runtime) => new TaskExecutor(this.options.workload.tasksOf({ ...this.servers, life })[kind], { ...runtime, models: noModels });
  }

  #delivery(runtime: Runtime, life: Life): Executor {
    const { network, receiver } = this.servers;
    const { compose } = this.options.workload;
    const options = { compose, inlineBytes: 20_480, resultUrl: ({ id }: RunRecord) => `https://api.test/v1/ingestions/${id}` };
    const finaliser = new Finaliser(runtime.runs, runtime.blobs, new StepResults(runtime.artifacts), options);
    return new CallbackDelivery({ ...runtime, finaliser, client: callbackClientOver(network, life, receiver), endpoints: openEndpoints, ...unheard });
  }
}

const noModels = {
  get: () => {
    throw new Error('the simulated product has no models');
  },
};

const hostOf = (life: Life): string => life.name.replace(/#\d+$/, '');
