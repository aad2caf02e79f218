import { writeFileSync } from 'node:fs';
import { pages } from './pages.js';

for (const { file, content } of pages()) {
  writeFileSync(file, content);
  console.log(`wrote ${file.pathname.split('/').slice(-2).join('/')}`);
}
