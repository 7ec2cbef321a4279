// What the SDKs sent: the shape of every request, and the body of every message.

/** Reads one protobuf message into its fields: number → values, bytes or numbers. */
function fields(bytes) {
  const found = new Map();
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7n;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    let value;
    if (kind === 0) value = varint();
    else if (kind === 1) value = bytes.subarray(at, (at += 8));
    else if (kind === 5) value = bytes.subarray(at, (at += 4));
    else {
      const length = Number(varint());
      value = bytes.subarray(at, (at += length));
    }
    found.set(tag >> 3, [...(found.get(tag >> 3) ?? []), value]);
  }
  return found;
}

/** The `MessageBody` of a frame that sends one. */
function messageBody(base64) {
  const frame = fields(Buffer.from(base64, 'base64'));
  if (Number(frame.get(8)?.[0] ?? 0n) !== 0 || !frame.get(9)) return undefined;
  const meta = fields(frame.get(9)[0]).get(1)?.[0];
  const parts = meta && fields(meta);
  return parts && Number(parts.get(5)?.[0] ?? 0n) === 1 ? parts.get(6)?.[0] : undefined;
}

const unwrapped = (frame) => (frame.startsWith('[') ? JSON.parse(frame)[0] : frame);

export class Record {
  #requests = new Map();
  #messages = new Map();

  /** Remembers the shape of a call's request. */
  request(sdk, call, { method, url, body }, names) {
    const { pathname, search } = new URL(url);
    if (pathname.startsWith('/ws')) return;
    const parts = pathname.split('/').slice(3).map((part) => names[decodeURIComponent(part)] ?? part);
    const query = [...new Set(search.slice(1).split('&').filter(Boolean).map((pair) => pair.split('=')[0]))];
    let keys = [];
    try { keys = Object.keys(JSON.parse(body)); } catch { /* no JSON body */ }
    const shape = { sdk, call, method, path: `/{org}/{app}/${parts.join('/')}`, query, body: keys };
    this.#requests.set(`${sdk} ${call} ${shape.path}`, shape);
  }

  /** Remembers the bytes of a message kind. */
  message(sdk, kind, frames) {
    const body = frames.map(unwrapped).map(messageBody).filter(Boolean).at(-1);
    if (body) this.#messages.set(`${sdk} ${kind}`, { sdk, kind, body: Buffer.from(body).toString('base64') });
  }

  requests() { return this.#lines(this.#requests); }
  messages() { return this.#lines(this.#messages); }
  #lines(map) { return [...map.values()].map((line) => `${JSON.stringify(line)}\n`).join(''); }
}
