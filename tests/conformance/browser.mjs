// What a browser gives the SDKs and Node does not. `seen.http` and `seen.frame` are told what goes out.
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';

const require = createRequire(import.meta.url);
const WebSocket = require('ws');
const { XMLHttpRequest: NodeRequest } = require('xmlhttprequest');

export const seen = { http: () => {}, frame: () => {} };

/** Collects form fields and writes them as multipart. */
class Form {
  parts = [];
  append(name, value, filename) { this.parts.push({ name, value, filename: filename ?? value?.name }); }
  async encode() {
    const boundary = `----manyou${randomBytes(8).toString('hex')}`;
    const chunks = await Promise.all(this.parts.map(async ({ name, value, filename }) => {
      const file = filename ? `; filename="${filename}"\r\nContent-Type: application/octet-stream` : '';
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
      const bytes = value instanceof Blob ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value?.bytes ?? String(value));
      return [Buffer.from(head), bytes, Buffer.from('\r\n')];
    }));
    return { boundary, body: Buffer.concat([...chunks.flat(), Buffer.from(`--${boundary}--\r\n`)]) };
  }
}

class Request {
  static UNSENT = 0;
  constructor() {
    const inner = new NodeRequest();
    const listeners = {};
    const upload = { addEventListener() {}, removeEventListener() {} };
    const open = inner.open;
    const send = inner.send;
    const dispatch = inner.dispatchEvent;
    let asked = {};
    let opening = false;
    inner.addEventListener('readystatechange', () => {
      if (inner.readyState === 4) (listeners.load ?? []).forEach((told) => told({ target: inner }));
    });
    // The package fires "abort" on every open, which the SDKs take for a failure.
    inner.dispatchEvent = (event) => { if (!(opening && event === 'abort')) dispatch.call(inner, event); };
    inner.open = (method, url, ...rest) => {
      asked = { method, url };
      opening = true;
      open.call(inner, method, url, ...rest);
      opening = false;
    };
    inner.send = (body) => {
      seen.http({ ...asked, body: body instanceof Form ? null : body });
      if (!(body instanceof Form)) return send.call(inner, body);
      body.encode().then(({ boundary, body: bytes }) => {
        inner.setRequestHeader('Content-Type', `multipart/form-data; boundary=${boundary}`);
        send.call(inner, bytes);
      });
    };
    inner.upload = upload;
    Object.defineProperty(inner, 'response', { get: () => inner.responseText });
    return inner;
  }
}

class Socket extends WebSocket {
  send(data, ...rest) {
    seen.frame(data);
    return super.send(data, ...rest);
  }
}

/** A file as the upload code takes it: a name, a size and bytes. */
export function file(name, bytes) {
  const data = { name, size: bytes.length, bytes };
  return { url: `blob:${name}`, filename: name, filetype: name.split('.').pop(), data };
}

const storage = () => {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, String(value)),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
};

export function pretend() {
  const location = { protocol: 'http:', host: 'localhost', hostname: 'localhost', href: 'http://localhost/', origin: 'http://localhost', search: '', port: '' };
  const nothing = () => {};
  const element = () => ({ style: {}, setAttribute: nothing, appendChild: nothing, canPlayType: () => '', getElementsByTagName: () => [], addEventListener: nothing });
  const document = { location, createElement: element, getElementsByTagName: () => [element()], documentElement: element(), body: element(), head: element(), addEventListener: nothing, removeEventListener: nothing, attachEvent: nothing, cookie: '', visibilityState: 'visible', URL: location.href, domain: 'localhost' };
  const put = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  put('window', globalThis);
  put('self', globalThis);
  put('location', location);
  put('document', document);
  put('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36', appVersion: '5.0', platform: 'Linux', language: 'en', onLine: true, cookieEnabled: true });
  put('localStorage', storage());
  put('sessionStorage', storage());
  put('XMLHttpRequest', Request);
  put('WebSocket', Socket);
  put('FormData', Form);
  for (const name of ['addEventListener', 'removeEventListener', 'attachEvent', 'dispatchEvent']) put(name, nothing);
}
