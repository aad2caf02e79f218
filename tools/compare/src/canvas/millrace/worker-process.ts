import { App } from '@millrace/app';
import { count, member, next } from './tasks.js';

process.once('disconnect', () => process.exit());

const [url = '', dataDir = ''] = process.argv.slice(2);
const app = await App.open({ profile: { profile: 'redis', url, dataDir }, tasks: [member, count, next] });
await app.work({ concurrency: 100 });
