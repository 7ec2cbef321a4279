// Coming in, being refused, being thrown out.
import assert from 'node:assert/strict';
import { PASSWORD } from '../world.mjs';

const refused = (promise) => promise.then(() => { throw new Error('it was let in'); }, (e) => e);

export const signIn = [
  { title: 'signs in with a password', run: async (world) => {
    await world.device('alice');
    const device = await world.device('alice');
    device.http.forEach((r) => world.note.request(world.version, 'open', r, {}));
  } },
  { title: 'signs in with a token', run: async (world) => {
    const device = await world.fresh();
    await device.open({ user: 'carol', accessToken: await world.admin.tokenOf('carol') });
    device.stop();
  } },
  { title: 'is refused a wrong password', run: async (world) => {
    const device = await world.fresh();
    await device.ask('connect');
    const e = await refused(device.ask('open', { login: { user: 'alice', pwd: 'wrong' } }));
    assert.equal(e.type, 1);
    device.stop();
  } },
  { title: 'is refused an unknown user', run: async (world) => {
    const device = await world.fresh();
    await device.ask('connect');
    const e = await refused(device.ask('open', { login: { user: 'nobody', pwd: PASSWORD } }));
    assert.equal(e.type, 1);
    device.stop();
  } },
  { title: 'is refused an unknown token', versions: ['4.21.1'], run: async (world) => {
    const device = await world.fresh();
    await device.ask('connect');
    const e = await refused(device.ask('open', { login: { user: 'alice', accessToken: 'YWMtwrong' } }));
    assert.equal(e.type, 28);
    device.stop();
  } },
  { title: 'is refused an expired token', versions: ['4.21.1'], run: async (world) => {
    const token = await world.admin.tokenOf('carol', 1);
    const device = await world.fresh();
    await device.ask('connect');
    await new Promise((go) => setTimeout(go, 1100));
    const e = await refused(device.ask('open', { login: { user: 'carol', accessToken: token } }));
    assert.equal(e.type, 56);
    device.stop();
  } },
  { title: 'renews its token', versions: ['4.21.1'], run: async (world) => {
    const alice = await world.device('alice');
    await world.call(alice, 'renewToken', [await world.admin.tokenOf('alice')]);
  } },
  { title: 'is thrown out when the same device signs in again', run: async (world) => {
    const [old, next] = [await world.fresh(), await world.fresh()];
    await old.open({ user: 'dave', pwd: PASSWORD }, { deviceId: 'same' });
    await next.open({ user: 'dave', pwd: PASSWORD }, { deviceId: 'same' });
    await old.until('onError', (e) => e.type === 206);
    await old.until('onDisconnected');
    [old, next].forEach((device) => device.stop());
  } },
];
