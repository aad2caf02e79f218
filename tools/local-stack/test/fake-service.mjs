// Stands for a service: tells its health, exits 0 on SIGTERM or when its parent is gone; FAKE_REFUSES makes it fail to start.
import { createServer } from 'node:http';
import process from 'node:process';

if (process.env.FAKE_REFUSES) {
  process.stdout.write('{"level":"info","msg":"starting"}\n');
  process.stderr.write(`${process.env.FAKE_REFUSES}\n`);
  process.exit(1);
}
const exit = () => process.exit(0);
process.on('SIGTERM', exit);
process.on('disconnect', exit);
createServer((request, response) => {
  if (request.url === '/env') response.end(JSON.stringify(process.env));
  else response.writeHead(request.url === '/health/ready' ? 200 : 404).end();
}).listen(Number(process.env.MILLRACE_HEALTH_PORT), '127.0.0.1');
