import { blobErrors } from '@millrace/blob-store';
import type { MillraceError } from '@millrace/kernel';

const causes: Readonly<Record<string, string>> = {
  EACCES: 'this process has no right to use it',
  EPERM: 'the system does not permit it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it does not exist, or was not prepared',
  ENOTDIR: 'a part of its path is a file',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the system has too many files open',
  EIO: 'the disk reports a fault',
  ESTALE: 'the network file system has lost it',
  EXDEV: 'a folder in it is on another file system',
  ENOTSUP: 'its file system has no hard links',
  EOPNOTSUPP: 'its file system has no hard links',
};

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

/** There is no file of that name, and there cannot be a folder in its place. */
export const isAbsent = (error: unknown): boolean => hasCode(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EISDIR');

/** An object stands where the key needs a folder, or the other way round. */
export const isObstructed = (error: unknown): boolean => hasCode(error, 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG');

/** MILLRACE_BLOB_UNAVAILABLE that names the folder and says in words what is wrong with it. */
export function unavailable(folder: string, cause: unknown): MillraceError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = causes[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return blobErrors.error('MILLRACE_BLOB_UNAVAILABLE', `the folder ${folder} cannot be used: ${words}`, { cause, detail: { folder, code } });
}
