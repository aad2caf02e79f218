/** Makes UTF-8 of a file's bytes, piece by piece. Throws as soon as a byte is wrong, and says where. */
export interface TextStream {
  write(bytes: Uint8Array): Buffer;
  /** What was held back because it could have gone on. */
  end(): Buffer;
}
