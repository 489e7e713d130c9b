// Users who upload files of 1 MB: addresses from the API, bytes to S3, and the file is checked, then downloaded.
import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { headers, http, line, me, patiently, plan, scenario, sleep } from './people.js';

const SIZE = 1 << 20;
const bytes = new Uint8Array(SIZE).fill(97).buffer;
const completed = new Counter('files_completed');
let number = 0;

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 429, 503));

export const options = {
  scenarios: { upload: scenario() },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    http_req_failed: [`rate<${plan.failed_share}`],
    'http_req_duration{name:POST initiate}': [`p(99)<${plan.api_p99_ms}`],
    checks: ['rate==1'],
  },
};

export default function upload() {
  const person = me();
  const signed = headers(person.token);
  const api = (name, path, body) => patiently(
    () => http.post(`${plan.base_url}${path}`, JSON.stringify(body), { headers: signed, tags: { name } }),
  );
  const wish = { filename: `load ${number}.txt`, size: SIZE, content_type: 'text/plain' };
  const begun = api('POST initiate', '/v1/files/initiate', wish);
  if (!check(begun, { 'is begun': (r) => r.status === 201 })) return;
  const file = begun.json();
  for (const part of file.parts) {
    const from = (part.number - 1) * file.part_size;
    const put = http.put(part.url, bytes.slice(from, from + file.part_size), { headers: part.headers, tags: { name: 'PUT part' } });
    check(put, { 'part is taken': (r) => r.status === 200 });
  }
  api('POST complete', '/v1/files/complete', { file_id: file.file_id });
  let state = {};
  for (let again = 0; again < 150 && !['completed', 'failed'].includes(state.status); again += 1) {
    state = http.get(`${plan.base_url}/v1/files/${file.file_id}`, { headers: signed, tags: { name: 'GET file' } }).json();
    if (state.status !== 'completed') sleep(0.2);
  }
  if (!check(state, { 'is completed': (s) => s.status === 'completed' })) return;
  completed.add(1);
  const messageId = crypto.randomUUID();
  const message = {
    conversation_id: person.conversation_id, type: 'file', content: 'a file', file_id: file.file_id, message_id: messageId,
  };
  if (check(api('POST /v1/messages', '/v1/messages', message), { 'is accepted': (r) => r.status === 202 })) {
    line('acknowledged', { user_id: person.user_id, number, message_id: messageId });
  }
  number += 1;
  const link = http.get(`${plan.base_url}/v1/files/${file.file_id}/presigned`, { headers: signed, tags: { name: 'GET presigned' } });
  const got = http.get(link.json('url'), { responseType: 'binary', tags: { name: 'GET bytes' } });
  check(got, { 'all bytes come back': (r) => r.status === 200 && r.body.byteLength === SIZE });
  sleep(plan.pause_s * (0.5 + Math.random()));
}
