// What every script needs: the plan that LOAD_PLAN names, who this virtual user is, and the lines that are verified afterwards.
import exec from 'k6/execution';
import http from 'k6/http';
import { sleep } from 'k6';

export const plan = JSON.parse(open(__ENV.LOAD_PLAN));

export function me() {
  return plan.people[(exec.vu.idInTest - 1) % plan.people.length];
}

export function line(kind, fields) {
  console.log(JSON.stringify({ kind, ...fields }));
}

export function headers(token) {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

// Sent again with the same message_id while it is answered 503 or 429, as clients do; the last answer.
export function patiently(ask) {
  let answer = ask();
  for (let again = 0; again < 20 && (answer.status === 503 || answer.status === 429); again += 1) {
    sleep(Number(answer.headers['Retry-After'] || 1) / 5);
    answer = ask();
  }
  return answer;
}

export function scenario() {
  const [first, ...rest] = plan.stages;
  if (rest.every(([, users]) => users === first[1])) {
    return { executor: 'constant-vus', vus: first[1], duration: `${plan.seconds}s`, gracefulStop: '30s' };
  }
  return {
    executor: 'ramping-vus',
    startVUs: first[1],
    stages: rest.map(([seconds, users]) => ({ duration: `${seconds}s`, target: users })),
    gracefulRampDown: '30s',
    gracefulStop: '30s',
  };
}

export { http, sleep };
