import { expect, it } from 'vitest';
import { redisInfoIn } from './redis-info.js';

it('reads the figures of INFO', () => {
  const reply =
    '# Server\r\nredis_version:7.0.15\r\nprocess_id:4711\r\nexecutable:/usr/bin/redis-server\r\n\r\n# Stats\r\ntotal_commands_processed:321\r\n' +
    'total_net_input_bytes:98765\r\n# CPU\r\nused_cpu_sys:1.250000\r\nused_cpu_user:2.500000\r\nused_cpu_sys_children:9.0\r\n';
  expect(redisInfoIn(reply)).toEqual({ processId: 4711, cpuMs: 3750, commands: 321, bytesIn: 98_765 });
});
