import { type Controllable, ProcessControl } from '@millrace/control';
import { type Clock, messageOf, MillraceError, sleep, systemClock } from '@millrace/kernel';
import type { Router } from '@millrace/tasks';
import type { Config } from './config.js';
import { HealthServer } from './health-server.js';
import { configFromProcess } from './process-environment.js';
import { closeRuntime, openRuntime, pingRuntime, type Runtime } from './runtime.js';

/** A service once it runs. */
export interface Running {
  /** Takes nothing more and resolves when what was begun has ended. */
  drain(): Promise<void>;
  /** Gives up what is still at work. */
  abort(): void;
  /** What remote control can do to it, if it is a worker. */
  readonly control?: Controllable | undefined;
}

export interface Service {
  readonly name: string;
  router(config: Config): Router;
  /** Resolves once the service takes work. */
  start(runtime: Runtime): Promise<Running>;
}

/**
 * The life of a service process: configuration, health server, stores and broker, start; on SIGTERM, SIGINT or the loss
 * of its launcher drain and exit 0; on a second signal or at the end of the grace exit 1. A failed start is one line on
 * standard error and exit 1.
 */
export async function runService(service: Service): Promise<void> {
  try {
    const config = configFromProcess();
    const runtime = await openRuntime(service.name, config, service.router(config));
    const health = new HealthServer(runtime.metrics, () => pingRuntime(runtime));
    const port = await health.listen(config.MILLRACE_HOST, config.MILLRACE_HEALTH_PORT);
    const running = await service.start(runtime);
    const control = new ProcessControl({ service: service.name, worker: running.control, drain: () => process.emit('SIGTERM') }, runtime);
    await control.start();
    health.setReady(true);
    runtime.log.info({ healthPort: port, profile: config.MILLRACE_PROFILE }, 'ready');
    onStop(() => stop({ runtime, health, running, control, clock: systemClock }));
  } catch (err) {
    fail(service.name, err);
  }
}

function onStop(stopOnce: () => Promise<number>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void stopOnce().then((code) => process.exit(code));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', () => stopping || stop());
}

interface Stopping {
  readonly runtime: Runtime;
  readonly health: HealthServer;
  readonly running: Running;
  readonly control: ProcessControl;
  readonly clock: Clock;
}

async function stop({ runtime, health, running, control, clock }: Stopping): Promise<number> {
  runtime.log.info({}, 'draining');
  health.setReady(false);
  void control.draining();
  const drained = running.drain().then(() => true);
  const inTime = await Promise.race([drained, sleep(clock, runtime.config.MILLRACE_DRAIN_MS).then(() => false)]);
  if (!inTime) running.abort();
  await Promise.race([drained, sleep(clock, 1_000)]);
  await Promise.race([control.stop(), sleep(clock, 1_000)]);
  await closeRuntime(runtime);
  await health.close();
  runtime.log.info({ inTime }, 'stopped');
  runtime.log.flush();
  return inTime ? 0 : 1;
}

function fail(name: string, err: unknown): void {
  const text = MillraceError.is(err) ? `${err.message} (${err.code})` : err instanceof Error ? (err.stack ?? err.message) : messageOf(err);
  process.stderr.write(`${name}: ${text}\n`);
  process.exit(1);
}
