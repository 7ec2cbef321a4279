// The stories, in the order they are told. Each takes the world; those with `versions` are for one SDK only.
import { conversations } from './stories/conversations.mjs';
import { client } from './stories/client.mjs';
import { history } from './stories/history.mjs';
import { messages } from './stories/messages.mjs';
import { people } from './stories/people.mjs';
import { signIn } from './stories/sign_in.mjs';

export const stories = [...signIn, ...history, ...messages, ...conversations, ...people, ...client];
