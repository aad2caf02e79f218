/** The figures of a Redis INFO reply that the bench reads. */
export interface RedisInfo {
  readonly processId: number;
  /** User and system, of the whole server. */
  readonly cpuMs: number;
  /** Commands inside Lua scripts count too. */
  readonly commands: number;
  readonly bytesIn: number;
}

export function redisInfoIn(reply: string): RedisInfo {
  const fields = new Map(reply.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  const number = (name: string) => Number(fields.get(name));
  return {
    processId: number('process_id'),
    cpuMs: (number('used_cpu_user') + number('used_cpu_sys')) * 1000,
    commands: number('total_commands_processed'),
    bytesIn: number('total_net_input_bytes'),
  };
}
