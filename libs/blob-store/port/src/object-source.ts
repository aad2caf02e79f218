import type { Readable } from 'node:stream';

/** An object somewhere else than in the blob store. */
export interface SourceObject {
  readonly bucket: string;
  readonly key: string;
}

export interface OpenedObject {
  readonly bytes: number;
  /** What it says of itself. */
  readonly contentType?: string;
  readonly body: Readable;
}

/** Reads objects that others have put somewhere. */
export interface ObjectSource {
  /** Rejects with MILLRACE_SOURCE_UNREADABLE, or MILLRACE_BLOB_UNAVAILABLE when nobody answers. The caller reads or destroys the body. */
  open(object: SourceObject): Promise<OpenedObject>;
  close(): Promise<void>;
}
