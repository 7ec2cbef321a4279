// Everything that can be sent: seen by the peer, read back, acknowledged, recalled, edited, reacted to.
import assert from 'node:assert/strict';

const to = (more) => ({ to: 'bob', chatType: 'singleChat', ...more });
const bytes = Buffer.from('small but real').toString('base64');
const KINDS = [
  { type: 'txt', event: 'onTextMessage', give: { msg: 'Hi 你好', ext: { n: 7, s: 'x', b: true, f: 0.5, o: { a: 1 } } }, see: { msg: 'Hi 你好' } },
  { type: 'img', event: 'onImageMessage', give: { filename: 'a.png', bytes, width: 4, height: 3, file_length: 14 }, see: { width: 4, height: 3 } },
  { type: 'audio', event: 'onAudioMessage', give: { filename: 'a.amr', bytes, length: 7, file_length: 14 }, see: { length: 7 } },
  { type: 'video', event: 'onVideoMessage', give: { filename: 'a.mp4', bytes, length: 12, file_length: 14 }, see: { length: 12 } },
  { type: 'file', event: 'onFileMessage', give: { filename: 'a.pdf', bytes, file_length: 14 }, see: { filename: 'a.pdf' } },
  { type: 'loc', event: 'onLocationMessage', give: { addr: 'Beijing', buildingName: 'Tower', lat: 39.9, lng: 116.4 }, see: { addr: 'Beijing', lat: 39.9, lng: 116.4 } },
  { type: 'cmd', event: 'onCmdMessage', give: { action: 'run' }, see: { action: 'run' } },
  { type: 'custom', event: 'onCustomMessage', give: { customEvent: 'gift', customExts: { name: 'flower', n: '3' } }, see: { customEvent: 'gift', customExts: { name: 'flower', n: '3' } } },
];

const part = (message, keys) => Object.fromEntries(Object.keys(keys).map((key) => [key, message[key]]));

export const messages = [
  ...KINDS.map(({ type, event, give, see }) => ({ title: `${type} is sent, received and read back`, run: async (world) => {
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const id = await world.send(alice, type, to({ type, ...give }));
    const got = await bob.until(event, (m) => m.id === id);
    assert.deepEqual(part(got, see), see);
    const page = await alice.call('getHistoryMessages', { targetId: 'bob', chatType: 'singleChat', pageSize: 1 });
    assert.equal(page.messages[0].id, id);
    assert.deepEqual(part(page.messages[0], see), see);
    const list = await world.call(bob, 'getConversationlist');
    const entry = list.data.channel_infos.find((c) => c.channel_id.includes('alice'));
    assert.equal(entry.lastMessage.id, id);
  } })),
  { title: 'combine is sent, received and read back', versions: ['4.21.1'], run: async (world) => {
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const page = await alice.call('getHistoryMessages', { targetId: 'bob', chatType: 'singleChat', pageSize: 2 });
    const give = { type: 'combine', compatibleText: 'old client', title: 'Record', summary: 'a: hi', messageList: page.messages };
    const id = await world.send(alice, 'combine', to(give));
    const got = await bob.until('onCombineMessage', (m) => m.id === id);
    assert.deepEqual([got.title, got.summary], ['Record', 'a: hi']);
  } },
  { title: 'a group message reaches the members and the own other device', run: async (world) => {
    const [alice, bob, second] = [await world.device('alice'), await world.device('bob'), await world.device('alice', 'second')];
    const id = await world.send(alice, 'txt.group', { type: 'txt', msg: 'all', to: world.group, chatType: 'groupChat' });
    await Promise.all([bob, second].map((device) => device.until('onTextMessage', (m) => m.id === id && m.to === world.group)));
    const page = await bob.call('getHistoryMessages', { targetId: world.group, chatType: 'groupChat' });
    assert.equal(page.messages[0].id, id);
  } },
  { title: 'a message to a group one is not in is refused', run: async (world) => {
    const carol = await world.device('carol');
    await assert.rejects(carol.send({ type: 'txt', msg: 'x', to: world.group, chatType: 'groupChat' }), (e) => e.type === 602);
  } },
  { title: 'delivery and read acks reach the sender', run: async (world) => {
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const id = await alice.send(to({ type: 'txt', msg: 'ack me' }));
    await alice.until('onDeliveredMessage', (m) => m.mid === id);
    await world.send(bob, 'read', { type: 'read', id, to: 'alice', chatType: 'singleChat' });
    await alice.until('onReadMessage', (m) => m.mid === id);
  } },
  { title: 'a channel ack clears the unread count and is heard by the other device', run: async (world) => {
    const [alice, second, bob] = [await world.device('alice'), await world.device('alice', 'second'), await world.device('bob')];
    await bob.send({ type: 'txt', msg: 'unread', to: 'alice', chatType: 'singleChat' });
    const unread = async () => (await alice.call('getConversationlist')).data.channel_infos.find((c) => c.channel_id.includes('bob')).unread_num;
    assert.ok((await unread()) > 0);
    await world.send(alice, 'channel', to({ type: 'channel' }));
    await second.until('onChannelMessage');
    assert.equal(await unread(), 0);
  } },
  { title: 'a recalled message is gone on both sides', run: async (world) => {
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const mid = await alice.send(to({ type: 'txt', msg: 'oops' }));
    await alice.call('recallMessage', { mid, to: 'bob', type: 'chat', chatType: 'singleChat' });
    await bob.until('onRecallMessage', (m) => m.mid === mid);
    const page = await bob.call('getHistoryMessages', { targetId: 'alice', chatType: 'singleChat', pageSize: 1 });
    assert.notEqual(page.messages[0].id, mid);
  } },
  { title: 'an edit replaces the text for both sides', versions: ['4.21.1'], run: async (world) => {
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const id = await alice.send(to({ type: 'txt', msg: 'tpyo' }));
    const done = await alice.ask('modify', { messageId: id, options: to({ type: 'txt', msg: 'typo' }) });
    assert.equal(done.message.modifiedInfo.operationCount, 1);
    const got = await bob.until('onModifiedMessage', (m) => m.id === id);
    assert.equal(got.msg, 'typo');
    const page = await bob.call('getHistoryMessages', { targetId: 'alice', chatType: 'singleChat', pageSize: 1 });
    assert.deepEqual([page.messages[0].msg, page.messages[0].modifiedInfo.operationCount], ['typo', 1]);
  } },
  { title: 'a reaction is seen by the other side and in the history', run: async (world) => {
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const messageId = await alice.send(to({ type: 'txt', msg: 'like me' }));
    await world.call(bob, 'addReaction', [{ messageId, reaction: 'like' }]);
    await alice.until('onReactionChange', (m) => m.messageId === messageId);
    const list = await world.call(alice, 'getReactionlist', [{ chatType: 'singleChat', messageId }]);
    assert.equal(list.data[0].reactionList[0].reaction, 'like');
    await world.call(bob, 'deleteReaction', [{ messageId, reaction: 'like' }]);
  } },
  { title: 'what came while away comes at the next sign-in, in order', run: async (world) => {
    const alice = await world.device('alice');
    const sent = [];
    for (const msg of ['one', 'two', 'three']) sent.push(await alice.send({ type: 'txt', msg, to: 'dave', chatType: 'singleChat' }));
    const dave = await world.device('dave');
    await dave.until('onTextMessage', (m) => m.id === sent[2]);
    const before = dave.events.filter((e) => e.event === 'onTextMessage').map((e) => e.data.id);
    assert.deepEqual(before, sent.slice(0, 2));
  } },
];
