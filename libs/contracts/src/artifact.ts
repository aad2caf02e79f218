import { z } from 'zod';

/** A reference to immutable bytes in the blob store (claim check). */
export const artifactRef = z.strictObject({
  key: z.string().min(1).max(512),
  bytes: z.int().nonnegative(),
  /** Bytes of the object before the first of these; absent: 0. */
  offset: z.int().positive().optional(),
  /** SHA-256 of the bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.string().max(128),
  /** The bytes themselves, base64, when they are few: then there is no object of that key. */
  inline: z.base64().optional(),
  /** The name its sender gave it; metadata only, never a path. */
  filename: z.string().max(255).optional(),
  /** The form field that it came in, of an ingestion of several files. */
  field: z.string().max(100).optional(),
});
export type ArtifactRef = Readonly<z.infer<typeof artifactRef>>;
