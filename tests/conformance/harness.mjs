// The server, the devices, and the notes of what the SDKs sent.
import { fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Rejects after `ms`: no story waits for ever. */
export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, no) => { timer = setTimeout(() => no(new Error(`nothing within ${ms} ms: ${what}`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Starts the binary and reads its one line. */
export async function serve(binary, args = []) {
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = new Promise((yes, no) => {
    createInterface({ input: child.stdout }).once('line', yes);
    child.once('exit', (code) => no(new Error(`the server ended with ${code}`)));
    child.once('error', no);
  });
  const ready = JSON.parse(await within(20000, 'ready line', line));
  return { ...ready, stop: () => child.kill() };
}

/** The app's own REST access, for preparing users, groups and old messages. */
export class Admin {
  constructor(server) { this.server = server; }

  url(path) { return `${this.server.api}/${this.server.app_key.replace('#', '/')}${path}`; }

  async call(method, path, body, token = this.token) {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(this.url(path), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  }

  async signIn() {
    const { client_id, client_secret } = this.server;
    const token = await this.call('POST', '/token', { grant_type: 'client_credentials', client_id, client_secret }, null);
    this.token = token.access_token;
    return this;
  }

  async tokenOf(user, ttl) {
    const answer = await this.call('POST', '/token', { grant_type: 'inherit', username: user, autoCreateUser: false, ttl });
    return answer.access_token;
  }
}

/** One SDK in one process. */
export class Device {
  static all = [];
  events = [];
  http = [];
  frames = [];
  #waiting = new Map();
  #next = 1;

  static async start(version, server) {
    const device = new Device();
    device.version = version;
    const { api, ws, app_key } = server;
    device.child = fork(`${HERE}/device.mjs`, [version, JSON.stringify({ api, ws, app_key })], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    Device.all.push(device);
    await within(10000, `${version} loads`, new Promise((yes) => {
      device.child.on('message', (message) => (message.ready ? yes() : device.#take(message)));
    }));
    return device;
  }

  #take(message) {
    if (message.http) this.http.push(message.http);
    if (message.frame) this.frames.push(message.frame);
    if (message.event) this.events.push(message);
    if (message.id) {
      const { yes, no } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) no(Object.assign(new Error(message.error.message), message.error));
      else yes(message.result);
    }
  }

  ask(op, rest = {}) {
    const id = this.#next++;
    const answer = new Promise((yes, no) => this.#waiting.set(id, { yes, no }));
    this.child.send({ id, op, ...rest });
    return within(8000, `${this.version} ${op} ${rest.method ?? ''}`, answer);
  }

  call(method, ...args) { return this.ask('call', { method, args }); }

  async send(options) {
    const sent = await this.ask('send', { options, bytes: options.bytes });
    return sent.serverMsgId;
  }

  /** Connects and signs in. */
  async open(login, options) {
    await this.ask('connect', { options });
    await this.ask('open', { login });
    await this.until('onConnected');
    return this;
  }

  /** The first event of that name that fits; it is taken out. */
  async until(name, fits = () => true, ms = 5000) {
    const end = Date.now() + ms;
    for (;;) {
      const at = this.events.findIndex((e) => e.event === name && fits(e.data));
      if (at >= 0) return this.events.splice(at, 1)[0].data;
      if (Date.now() > end) throw new Error(`${this.version}: no ${name}; got ${JSON.stringify(this.events.slice(-6)).slice(0, 900)}`);
      await new Promise((go) => setTimeout(go, 10));
    }
  }

  stop() { this.child.kill(); }
}
