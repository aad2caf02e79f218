import type { EngineSettings } from '@millrace/engine';
import { queues } from '@millrace/pipeline';
import { terminalStatuses } from '@millrace/run-store';
import { MemoryBlobStore } from '@millrace/testkit';
import { Client } from './cluster/client.js';
import { Cluster } from './cluster/cluster.js';
import { unleashNemesis } from './cluster/nemesis.js';
import { Facts, type Violation } from './monitor/facts.js';
import { Monitor } from './monitor/monitor.js';
import { batchingRunStoreOver } from './ports/batching-run-store.js';
import { BrokerServer } from './ports/broker-server.js';
import { overwritingRunStoreOver } from './ports/overwriting-run-store.js';
import { type Answer, type Post, Receiver } from './ports/receiver.js';
import { RunServer } from './ports/run-server.js';
import { runStoreOver } from './ports/run-store.js';
import type { Ingestion } from './workload/ingestion.js';
import { productWorkload } from './workload/product.js';
import type { Workload } from './workload/workload.js';
import { Faults, noFaults, usualFaults } from './world/faults.js';
import { Network } from './world/network.js';
import { World } from './world/world.js';

export interface SimulationOptions {
  readonly seed: number;
  /** Default: the product. */
  readonly workload?: Workload;
  /** Default: some of the workload. */
  readonly ingestions?: readonly Ingestion[];
  /** Whether anything goes wrong at random. Default: true. */
  readonly faults?: boolean;
  /**
   * Broker and stores as in one profile or the other: Redis drops a second message of an id, and may lose its last
   * writes; there the journal makes up for it. Default: by the seed.
   */
  readonly profile?: 'aws' | 'redis';
  /** Kills the process that passes these points, counted from 1. */
  readonly killAt?: readonly number[];
  /** What receivers answer. Default: mostly 200. */
  readonly answer?: Answer;
  readonly settings?: EngineSettings;
  /** Whether to see in the end what comes of messages and journal when the records have expired. */
  readonly expires?: boolean;
  /** Parts that are missing or wrong. */
  readonly wiring?: Wiring;
  readonly keepTrace?: boolean;
}

/** What is wrong with a cluster that is put together wrongly. */
export interface Wiring {
  readonly noSweeper?: boolean;
  readonly noJournal?: boolean;
  /** Processes read a record, change it and write it back whole. */
  readonly overwrites?: boolean;
}

export interface Verdict {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Stands for the whole history. */
  readonly hash: string;
  /** Points at which a process could have been killed. */
  readonly points: number;
  readonly posts: readonly Post[];
  /** The status of each run that is on record. */
  readonly statuses: Readonly<Record<string, string>>;
  /** The history, if it was to be kept. */
  readonly lines: readonly string[];
}

const second = 1_000;
const faultsEndAt = 12 * second;
/** Nothing takes longer: not even a series of callbacks. */
const mostMs = 100 * 3_600 * second;
/** A run that is not over by then never will be. */
const stuckAfterMs = 15 * 60 * second;
/** Longer than the longest pause, so that late writers are awake again. */
const restMs = 8 * second;
const lostMs = 600;

/** One history of the whole system: the same options give the same one. */
export function simulate(options: SimulationOptions): Promise<Verdict> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #network: Network;
  readonly #runs: RunServer;
  readonly #blobs = new MemoryBlobStore();
  readonly #broker: BrokerServer;
  readonly #receiver: Receiver;
  readonly #monitor: Monitor;
  readonly #cluster: Cluster;
  readonly #clients: readonly Client[];
  readonly #isRedis: boolean;
  readonly #hasFaults: boolean;

  constructor(private readonly options: SimulationOptions) {
    const { seed, profile, killAt = [], faults = true, keepTrace = false, answer } = options;
    this.#isRedis = (profile ?? (seed % 2 === 0 ? 'redis' : 'aws')) === 'redis';
    this.#hasFaults = faults;
    const world = (this.#world = new World(seed, { keepTrace }));
    this.#faults = new Faults(world, faults ? usualFaults : noFaults);
    this.#network = new Network(world, this.#faults, killAt);
    const { workload = productWorkload } = options;
    const ingestions = options.ingestions ?? workload.ingestions(world);
    this.#runs = new RunServer(world, (change) => this.#monitor.changed(change));
    const facts = new Facts(world, ingestions, { records: this.#runs.records, blobs: this.#blobs });
    this.#monitor = new Monitor(facts, workload.oracleOf(facts));
    this.#broker = new BrokerServer(world, this.#faults, { queues, deduplicates: this.#isRedis, events: this.#monitor });
    this.#receiver = new Receiver(world, this.#faults, { onPost: (post) => this.#monitor.posted(post), ...(answer && { answer }) });
    this.#cluster = this.#assemble(options.wiring ?? {});
    this.#clients = ingestions.map((ingestion) => this.#client(ingestion));
  }

  async run(): Promise<Verdict> {
    if (this.#hasFaults) this.#planFaults();
    await this.#untilAtRest();
    if (this.#monitor.violations.length === 0) await this.#monitor.atRest(this.#receiver.posts, this.#broker);
    if (this.#monitor.violations.length === 0 && this.options.expires) await this.#expire();
    const { hash, lines } = this.#world.trace;
    const statuses = Object.fromEntries([...this.#runs.records.values()].map(({ id, status }) => [id, status]));
    return { seed: this.options.seed, violations: this.#monitor.violations, hash, points: this.#network.points, posts: this.#receiver.posts, statuses, lines };
  }

  /** Late writers, asleep at first, may have woken up and sent something. */
  async #untilAtRest(): Promise<void> {
    await this.#world.run(() => this.#isAtRest() || this.#isStuck(), mostMs);
    await this.#pass(restMs);
    await this.#world.run(() => this.#isAtRest() || this.#isStuck(), mostMs);
  }

  /**
   * Records expire, stale messages come, and the journal is compared with the store: nothing may come of it. Before that
   * it is compared twice, as it is at regular times: the first pass may begin runs that nobody was told of.
   */
  async #expire(): Promise<void> {
    const messages = this.#monitor.stale();
    for (let passes = 0; passes < 2; passes++) {
      await this.#pass(75 * second);
      this.#cluster.askForRebuild();
    }
    await this.#pass(second);
    for (const run of this.#runs.records.keys()) await this.#runs.expire(run);
    this.#broker.publish(messages);
    this.#cluster.askForRebuild();
    await this.#pass(20 * second);
    this.#monitor.afterExpiry(this.#broker);
  }

  #pass(ms: number): Promise<void> {
    return this.#world.run(() => this.#monitor.violations.length > 0, this.#world.elapsed + ms);
  }

  #assemble({ noSweeper = false, noJournal = false, overwrites = false }: Wiring): Cluster {
    const servers = {
      world: this.#world,
      network: this.#network,
      runs: this.#runs,
      blobs: this.#blobs,
      broker: this.#broker,
      receiver: this.#receiver,
      trouble: () => this.#faults.handlers(),
    };
    const runStoreOf = overwrites ? overwritingRunStoreOver : this.#isRedis ? batchingRunStoreOver : runStoreOver;
    const { workload = productWorkload, settings = workload.settings } = this.options;
    return new Cluster(servers, {
      workload,
      settings,
      sweepers: noSweeper ? 0 : 2,
      rebuilds: this.#isRedis && !noJournal,
      runStoreOf: (life) => runStoreOf(this.#network, life, this.#runs),
    });
  }

  #client(ingestion: Ingestion): Client {
    const startAt = this.#hasFaults ? this.#world.between(0, 8 * second) : 0;
    return new Client(ingestion, this.#world, { faults: this.#faults, cluster: this.#cluster, events: this.#monitor, startAt });
  }

  #planFaults(): void {
    unleashNemesis(this.#world, this.#cluster, faultsEndAt);
    this.#world.after(faultsEndAt, () => this.#faults.end());
    if (this.#world.chance(0.15)) this.#world.after(this.#world.between(500, faultsEndAt), () => this.#purge());
    if (!this.#isRedis) return;
    for (const at of [3_500, 7_000, 10_500]) this.#failover(at + this.#world.between(-1_000, 1_000));
  }

  #purge(): void {
    this.#world.note('broker', 'PURGED');
    this.#broker.purge();
  }

  /** Runs and messages are again what they were a moment before. */
  #failover(at: number): void {
    let restore: (() => void) | undefined;
    this.#world.after(at - lostMs, () => {
      restore = this.#broker.snapshot();
    });
    this.#world.after(at, () => {
      restore?.();
      this.#monitor.rolledBack();
      void this.#runs.rollBack(at - lostMs).then((changed) => this.#world.note('store', `FAILOVER: ${changed} runs have lost something`));
      this.#world.after(this.#world.between(50, 1_500), () => this.#cluster.askForRebuild());
    });
  }

  #isAtRest(): boolean {
    if (this.#monitor.violations.length > 0) return true;
    if (this.#hasFaults && this.#world.elapsed < faultsEndAt + 2 * second) return false;
    if (this.#broker.size > 0 || !this.#clients.every(({ isDone }) => isDone)) return false;
    return [...this.#runs.records.values()].every(({ status }) => terminalStatuses.has(status));
  }

  /** Nothing is to be done any more but by the sweeper, and that has had its time. Callbacks may take far longer. */
  #isStuck(): boolean {
    return this.#world.elapsed > stuckAfterMs && ![...this.#runs.records.values()].some(({ status }) => status === 'delivering');
  }
}
