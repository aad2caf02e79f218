import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineModel, hurried, type ModelDefinition } from './model.js';
import { loadOnnxModels } from './onnx-models.js';

/** The graphs in fixtures/ are written by hand: version 1 gives 2x + 1, version 2 gives 3x, of two columns; `wide` takes three. */
const hashes = {
  'affine-1': '31b280d462af16cf8bda933bf96f7dcf04de5e68c9c37735d94cd7b90f0226b3',
  'affine-2': '4243210db9ebf4f2471a8c188bed309b611fc2b9e033c15e4daef3f6d29f67ce',
  wide: '73044ff9a1629f996ceb1c70da312f43e52692ddd7a9857cc8f086ab894497ba',
};
const fixture = (name: string): URL => new URL(`../fixtures/${name}.onnx`, import.meta.url);
const affine = (version: '1' | '2'): ModelDefinition =>
  defineModel({ name: 'test.affine', version, file: fixture(`affine-${version}`), sha256: hashes[`affine-${version}`], features: 2, input: 'rows', output: 'scores' });
const matrix = Float32Array.of(1, 2, 3, 4);

describe('models of a process', () => {
  it('stand side by side in several versions', async () => {
    const models = await loadOnnxModels([affine('1'), affine('2')]);
    expect([...(await models.get(affine('1')).run(matrix, 2))]).toEqual([3, 5, 7, 9]);
    expect([...(await models.get(affine('2')).run(matrix, 2))]).toEqual([3, 6, 9, 12]);
  });

  it('answer calls made at once with what each asked for', async () => {
    const model = (await loadOnnxModels([affine('1')], { windowMs: 1 })).get(affine('1'));
    const outputs = await Promise.all(Array.from({ length: 40 }, (_, i) => hurried(model, () => i).run(Float32Array.of(i, -i), 1)));
    expect(outputs.map((output) => [...output])).toEqual(Array.from({ length: 40 }, (_, i) => [2 * i + 1, 1 - 2 * i]));
  });

  it('answer nothing for no rows', async () => {
    const models = await loadOnnxModels([affine('1')]);
    expect(await models.get(affine('1')).run(new Float32Array(), 0)).toHaveLength(0);
  });

  it('refuse a matrix of another shape, and a model that was not loaded', async () => {
    const models = await loadOnnxModels([affine('1')]);
    await expect(models.get(affine('1')).run(matrix, 3)).rejects.toMatchObject({ code: 'MILLRACE_MODEL_SHAPE' });
    expect(() => models.get(affine('2'))).toThrow('test.affine@2 is not loaded');
  });

  it.each([
    ['a file that is not there', { file: fixture('none') }, 'MILLRACE_MODEL_UNREADABLE'],
    ['a file of other bytes', { sha256: hashes.wide }, 'MILLRACE_MODEL_CHECKSUM'],
    ['a graph of other features', { file: fixture('wide'), sha256: hashes.wide }, 'MILLRACE_MODEL_SHAPE'],
    ['a graph without that output', { output: 'labels' }, 'MILLRACE_MODEL_SHAPE'],
  ])('are not loaded from %s', async (_what, change, code) => {
    await expect(loadOnnxModels([{ ...affine('1'), ...change }])).rejects.toMatchObject({ code });
  });
});

describe('a model folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-models-'));
    await copyFile(fixture('affine-2'), join(folder, 'next.onnx'));
  });
  afterEach(async () => rm(folder, { recursive: true }));

  const manifest = (changes: object = {}, name = 'next') =>
    writeFile(join(folder, `${name}.json`), JSON.stringify({ name: 'test.affine', version: '2', replaces: '1', file: 'next.onnx', sha256: hashes['affine-2'], ...changes }));

  it('puts a version in another’s place and takes it back, while handlers keep what they have', async () => {
    const models = await loadOnnxModels([affine('1')], { folder });
    const before = models.get(affine('1'));
    await manifest();
    expect(await models.reload()).toEqual(['test.affine@1 → test.affine@2']);
    expect(await models.reload()).toEqual([]);
    const after = models.get(affine('1'));
    expect(after.definition.version).toBe('2');
    expect([...(await after.run(matrix, 2)), ...(await before.run(matrix, 2))]).toEqual([3, 6, 9, 12, 3, 5, 7, 9]);
    await rm(join(folder, 'next.json'));
    expect(await models.reload()).toEqual(['test.affine@1 → test.affine@1']);
    expect(models.get(affine('1')).definition.version).toBe('1');
  });

  it('may name models of other processes', async () => {
    await manifest({ name: 'other.model' });
    const models = await loadOnnxModels([affine('1')], { folder });
    expect(models.get(affine('1')).definition.version).toBe('1');
  });

  it.each([
    ['has other bytes than its manifest says', { sha256: hashes.wide }, 'expected'],
    ['replaces a version that is not in use', { replaces: '7' }, 'test.affine has no version 7 here, only 1'],
    ['lies somewhere else', { file: '../next.onnx' }, 'file: is the name of an .onnx file'],
    ['is described with unknown words', { features: 3 }, 'features'],
  ])('changes nothing when a model in it %s', async (_what, changes, message) => {
    const models = await loadOnnxModels([affine('1')], { folder });
    await manifest(changes);
    await expect(models.reload()).rejects.toThrow(message);
    expect(models.get(affine('1')).definition.version).toBe('1');
  });

  it('is refused when it is not there, when a manifest is no JSON, and when two want the same place', async () => {
    await expect(loadOnnxModels([affine('1')], { folder: join(folder, 'none') })).rejects.toMatchObject({ code: 'MILLRACE_MODEL_MANIFEST' });
    await manifest();
    await manifest({}, 'again');
    await expect(loadOnnxModels([affine('1')], { folder })).rejects.toThrow('two manifests take the place of test.affine@1');
    await writeFile(join(folder, 'again.json'), '{');
    await expect(loadOnnxModels([affine('1')], { folder })).rejects.toThrow('again.json');
  });
});
