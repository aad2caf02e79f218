import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a name server knows of a name. */
export interface DnsAnswer {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  /** Comes before the addresses, which are then that name's. */
  readonly cname?: string;
  /** Default 0, no error; 3: there is no such name. */
  readonly rcode?: number;
}

/** Answers the `nth` question about a name, from 1; undefined: does not answer. Names in lower case. */
export type DnsScript = (name: string, nth: number) => DnsAnswer | undefined;

const types = { a: 1, cname: 5, aaaa: 28 } as const;
const headerBytes = 12;

/** A name server on UDP that says what it is told to, for tests of what others do with the answers. See RFC 1035. */
export class ScriptedDns {
  readonly #asked = new Map<string, number>();

  private constructor(
    private readonly socket: Socket,
    private readonly script: DnsScript,
  ) {}

  static async start(script: DnsScript): Promise<ScriptedDns> {
    const socket = createSocket('udp4');
    const server = new ScriptedDns(socket, script);
    socket.on('message', (query, from) => {
      const reply = server.#reply(query);
      if (reply) socket.send(reply, from.port, from.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return server;
  }

  /** Host and port, as resolvers take it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  #reply(query: Buffer): Buffer | undefined {
    const { name, type, end } = questionOf(query);
    const nth = (this.#asked.get(`${name} ${type}`) ?? 0) + 1;
    this.#asked.set(`${name} ${type}`, nth);
    const answer = this.script(name, nth);
    if (!answer) return undefined;
    const records = recordsOf(answer, type);
    const header = Buffer.alloc(headerBytes);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8180 | (answer.rcode ?? 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, query.subarray(headerBytes, end), ...records]);
  }
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function recordsOf({ a = [], aaaa = [], cname }: DnsAnswer, type: number): Buffer[] {
  const question = Buffer.from([0xc0, headerBytes]); // the name that was asked for
  const owner = cname === undefined ? question : nameBytes(cname);
  const addresses = type === types.a ? a.map(ipv4Bytes) : type === types.aaaa ? aaaa.map(ipv6Bytes) : [];
  const alias = cname === undefined ? [] : [record(question, types.cname, nameBytes(cname))];
  return [...alias, ...addresses.map((data) => record(owner, type, data))];
}

/** Of the internet, good for no time at all. */
function record(owner: Buffer, type: number, data: Buffer): Buffer {
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fields, data]);
}

const nameBytes = (name: string): Buffer => Buffer.concat([...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])), Buffer.alloc(1)]);

const ipv4Bytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

function ipv6Bytes(address: string): Buffer {
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
