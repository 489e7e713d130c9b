// Users who are connected: each sends over its WebSocket, and takes what the other says.
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';
import { line, me, plan } from './people.js';

const pushed = new Counter('messages_pushed');
const refused = new Counter('requests_refused');
const latency = new Trend('push_latency', true);

export const options = {
  scenarios: {
    websocket: {
      executor: 'per-vu-iterations', vus: plan.stages[0][1], iterations: 1, maxDuration: `${plan.seconds + 60}s`,
    },
  },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    push_latency: [`p(99)<${plan.push_p99_ms}`],
    requests_refused: ['count==0'],
    checks: ['rate==1'],
  },
};

export default function websocket() {
  const person = me();
  const waiting = new Map();
  let number = 0;
  const socket = new WebSocket(`${plan.websocket_url}/?token=${person.token}`);

  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type === 'message.created') {
      line('pushed', { user_id: person.user_id, message_id: frame.data.message_id });
      pushed.add(1);
      if (frame.data.sender_id !== person.user_id) latency.add(Date.now() - Number(frame.data.content.split(' ')[1]));
    } else if (waiting.has(frame.id)) {
      const asked = waiting.get(frame.id);
      waiting.delete(frame.id);
      if (frame.type === 'ack') {
        line('acknowledged', { user_id: person.user_id, number: asked, message_id: frame.data.message_id });
      } else {
        refused.add(1);
      }
    }
  };
  socket.onopen = () => {
    const send = () => {
      const id = `r${number}`;
      waiting.set(id, number);
      const data = { conversation_id: person.conversation_id, type: 'text', content: `at ${Date.now()}` };
      socket.send(JSON.stringify({ action: 'send', id, data }));
      number += 1;
    };
    // Not all at the same moment, as they have connected at the same moment.
    let sending;
    setTimeout(() => { send(); sending = setInterval(send, plan.pause_s * 1000); }, Math.random() * plan.pause_s * 1000);
    const beating = setInterval(() => socket.send(JSON.stringify({ action: 'heartbeat', id: 'h' })), 30000);
    setTimeout(() => { clearInterval(sending); clearInterval(beating); }, plan.seconds * 1000);
    setTimeout(() => socket.close(), (plan.seconds + 10) * 1000);
  };
  socket.onerror = (event) => check(null, { [`no error of the WebSocket: ${event.error}`]: () => false });
  socket.onclose = () => check(waiting, { 'everything is answered': (w) => w.size === 0 });
}
