const newline = 0x0a;

/** Where a byte lies in a file. */
export interface BytePlace {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 0, in the file as it was sent or, if that is compressed, in what it expands to. */
  readonly byte: number;
}

/** Remembers how much of a file has passed, to say where in it something lies. */
export class BytesBefore {
  #bytes = 0;
  #newlines = 0;

  /** Of the byte at `index` of what comes next. */
  place(next: Uint8Array, index: number): BytePlace {
    return { line: this.#newlines + newlinesIn(next.subarray(0, index)) + 1, byte: this.#bytes + index };
  }

  pass(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#newlines += newlinesIn(bytes);
  }

  get isStart(): boolean {
    return this.#bytes === 0;
  }
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}
