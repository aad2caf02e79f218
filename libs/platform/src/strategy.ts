import type { Disposition } from '@millrace/broker';
import { type AnyTask, defaultPolicy, type TaskContext, type TaskPolicy } from '@millrace/tasks';
import type { Execution, Executor } from '@millrace/worker';
import { type BaseRpcContext, Ctx, type CustomTransportStrategy, EventPattern, Payload, type ReadPacket, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { z } from 'zod';

/** Marks handlers of this transport, should an application have several. */
export const millraceTransport = Symbol('millrace');

interface TaskExtras {
  readonly args: z.ZodType;
  readonly policy: TaskPolicy;
}

/**
 * A controller's method that handles a task. It gets the checked arguments and the task's context:
 * `@Task('orders.audit', { args: z.tuple([z.string()]) }) audit([name]: [string], ctx: TaskContext)`.
 */
export const Task = (name: string, { args, policy = {} }: { args: z.ZodType; policy?: Partial<TaskPolicy> }): MethodDecorator =>
  handlerOf(name, { args, policy: { ...defaultPolicy, ...policy } } satisfies TaskExtras);

/**
 * A controller's method that carries out whole messages rather than steps: it gets the message and its execution, and
 * resolves with what is to become of the delivery.
 */
export const Message = (name: string): MethodDecorator => handlerOf(name, { message: true });

function handlerOf(name: string, extras: object): MethodDecorator {
  return (controller, method, descriptor) => {
    Payload()(controller, method, 0);
    Ctx()(controller, method, 1);
    (EventPattern<string>(name, millraceTransport, extras) as MethodDecorator)(controller, method, descriptor);
  };
}

/** What a worker can do: run tasks as steps, and carry out messages of other kinds. */
export interface Handlers {
  readonly tasks: readonly AnyTask[];
  readonly executors: ReadonlyMap<string, Executor>;
}

/** What a strategy is attached to: it takes messages once it is given the handlers, and lets go of them at the end. */
export interface TaskHost {
  start(handlers: Handlers): Promise<void>;
  stop(): Promise<void>;
}

type Events = Record<string, (...args: unknown[]) => void>;

/** Nest's side of a worker: finds handlers by task name, those of controllers and plain task definitions alike. */
export class BrokerStrategy extends Server<Events, string> implements CustomTransportStrategy {
  override readonly transportId = millraceTransport;
  override readonly propagatesEventHandlerErrors = true;

  /** `definitions`: tasks whose handlers need nothing of Nest. */
  constructor(
    private readonly host: TaskHost,
    private readonly definitions: readonly AnyTask[],
  ) {
    super();
    this.initializeSerializer({});
    this.initializeDeserializer({});
  }

  async listen(done: (err?: unknown) => void): Promise<void> {
    const failure: unknown = await this.host.start(this.#handlers()).then(
      () => undefined,
      (err: unknown) => err,
    );
    done(failure);
  }

  close(): Promise<void> {
    return this.host.stop();
  }

  on(): void {}

  unwrap<T>(): T {
    throw new TypeError('a broker strategy has no server to unwrap');
  }

  /** Unlike Nest's own, resolves when the handler has ended, and with what it returned. */
  override handleEvent(name: string, packet: ReadPacket, context: BaseRpcContext): Promise<unknown> {
    const handler = this.messageHandlers.get(name);
    const work = Promise.withResolvers<unknown>();
    this.runWithProcessingHooks(context, async (end) => {
      try {
        const returned: unknown = await handler?.(packet.data, context);
        work.resolve(isObservable(returned) ? await lastValueFrom(returned, { defaultValue: undefined }) : returned);
      } catch (err) {
        work.reject(err);
      } finally {
        end();
      }
    });
    return work.promise;
  }

  #handlers(): Handlers {
    const tasks = [...this.definitions];
    const executors = new Map<string, Executor>();
    for (const [name, { extras }] of this.messageHandlers) {
      if (isTask(extras)) tasks.push({ name, ...extras, handler: (context: TaskContext, ...args: never[]) => this.#call(name, args, context) });
      else executors.set(name, { execute: (message, execution) => this.#call(name, message, execution) as Promise<Disposition> });
    }
    return { tasks, executors };
  }

  /** The handler's second argument is ours, not one of Nest's contexts; Nest only hands it on. */
  #call(name: string, data: unknown, context: TaskContext | Execution): Promise<unknown> {
    return this.handleEvent(name, { pattern: name, data }, context as unknown as BaseRpcContext);
  }
}

const isTask = (extras: object | undefined): extras is TaskExtras => extras !== undefined && 'args' in extras;
