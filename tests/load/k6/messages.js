// Users who send over HTTP one message after another, and read the history now and then.
import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { headers, http, line, me, patiently, plan, scenario, sleep } from './people.js';

const answered = new Counter('messages_accepted');
let number = 0;

// 429 and 503 tell the client to come again, and it does: no failures of the service's promise.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 429, 503));

export const options = {
  scenarios: { messages: scenario() },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    http_req_failed: [`rate<${plan.failed_share}`],
    'http_req_duration{name:POST /v1/messages}': [`p(99)<${plan.api_p99_ms}`],
    'http_req_duration{name:GET history}': [`p(99)<${plan.api_p99_ms}`],
    checks: ['rate==1'],
  },
};

export default function messages() {
  const person = me();
  const messageId = crypto.randomUUID();
  const body = JSON.stringify({
    conversation_id: person.conversation_id, type: 'text', content: `message ${number}`, message_id: messageId,
  });
  const parameters = { headers: headers(person.token), tags: { name: 'POST /v1/messages' } };
  const answer = patiently(() => http.post(`${plan.base_url}/v1/messages`, body, parameters));
  if (check(answer, { 'is accepted': (r) => r.status === 202 })) {
    answered.add(1);
    line('acknowledged', { user_id: person.user_id, number, message_id: messageId });
  }
  number += 1;
  if (number % 10 === 0) {
    const url = `${plan.base_url}/v1/conversations/${person.conversation_id}/messages?limit=50`;
    const page = http.get(url, { headers: headers(person.token), tags: { name: 'GET history' } });
    check(page, { 'has messages': (r) => r.status === 200 && r.json('items').length > 0 });
  }
  sleep(plan.pause_s * (0.5 + Math.random()));
}
