// Prints what vitest's JSON report counted, in one line; fails when there is no report, a failure, or nothing was tested.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

const [file = ''] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { success: false };
const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: pending = 0, numTodoTests: todo = 0 } = report;
process.stdout.write(`${passed} passed, ${failed} failed, ${pending + todo} skipped\n`);
process.exitCode = report.success && passed > 0 ? 0 : 1;
