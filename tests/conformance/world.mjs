// What every story finds: a server, three users, a group, sixty old messages, and devices signed in on demand.
import { Admin, Device, serve } from './harness.mjs';

export const PASSWORD = 'secret';
const OLD = 60;

export async function prepare(binary, version, note) {
  const server = await serve(binary);
  const admin = await new Admin(server).signIn();
  await admin.call('POST', '/users', ['alice', 'bob', 'carol', 'dave'].map((username) => ({ username, password: PASSWORD })));
  const group = await admin.call('POST', '/chatgroups', { groupname: 'Support', description: 'd', public: true, maxusers: 200, owner: 'alice', members: ['bob'] });
  const start = Date.now() - OLD * 1000 - 60000;
  const old = [];
  for (let n = 0; n < OLD; n += 1) {
    const sender = n % 2 ? 'alice' : 'bob';
    const made = await admin.call('POST', '/messages/users/import', {
      target: sender === 'bob' ? 'alice' : 'bob', from: sender, type: 'txt', body: { msg: `old ${n}` }, msg_timestamp: start + n * 1000,
    });
    old.push(made.data.msg_id);
  }
  return new World({ version, server, admin, note, group: group.data.groupid, old, start, binary });
}

class World {
  #devices = new Map();
  constructor(facts) { Object.assign(this, facts); }

  get newer() { return this.version !== '4.1.2'; }

  /** A signed-in device of the user, kept under its name. */
  async device(user, name = user) {
    if (!this.#devices.has(name)) {
      const device = await Device.start(this.version, this.server);
      await device.open({ user, pwd: PASSWORD }, { deviceId: name, ...(name === user ? { delivery: true } : {}) });
      this.#devices.set(name, device);
    }
    return this.#devices.get(name);
  }

  async fresh() { return Device.start(this.version, this.server); }

  /** Calls the SDK and notes what it asked the server for. */
  async call(device, method, args = [], label = method) {
    device.http.length = 0;
    const result = await device.call(method, ...args);
    const names = { alice: '{user}', bob: '{user}', [this.group]: '{group}' };
    device.http.filter((r) => /\/[^/]+\/[^/]+\//.test(new URL(r.url).pathname)).forEach((r) => this.note.request(this.version, label, r, names));
    return result;
  }

  /** Sends and notes the bytes. */
  async send(device, kind, options) {
    device.frames.length = 0;
    const id = await device.send(options);
    this.note.message(this.version, kind, device.frames);
    return id;
  }

  async end() {
    this.#devices.forEach((device) => device.stop());
    this.server.stop();
  }
}
