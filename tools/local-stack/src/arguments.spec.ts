import { expect, it } from 'vitest';
import { apiPortFrom, dataDirFrom, fileFrom, sampleFile } from './arguments.js';
import { repositoryRoot } from './service.js';

it('takes a file relative to where npm was called, else the sample', () => {
  expect(fileFrom([], {})).toBe(sampleFile);
  expect(fileFrom(['my.csv'], { INIT_CWD: '/home/me' })).toBe('/home/me/my.csv');
  expect(fileFrom(['--help'], {})).toBeUndefined();
  expect(() => fileFrom(['--port'], {})).toThrow('--port: there is no such option');
  expect(() => fileFrom(['a.csv', 'b.csv'], {})).toThrow('one file at a time: a.csv b.csv');
});

it('reads the port and the data folder', () => {
  expect(apiPortFrom({})).toBe(8080);
  expect(apiPortFrom({ MILLRACE_PORT: '9000' })).toBe(9000);
  expect(() => apiPortFrom({ MILLRACE_PORT: '70000' })).toThrow('MILLRACE_PORT=70000 is not a TCP port');
  expect(dataDirFrom({})).toBe(`${repositoryRoot}/.millrace`);
  expect(dataDirFrom({ MILLRACE_DATA_DIR: '/var/lib/millrace' })).toBe('/var/lib/millrace');
});
