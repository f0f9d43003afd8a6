// Parts as HTML, actions as JSON. A problem document becomes an Error with its fields; who is signed out, signs in again.

const LANGUAGE = document.body.dataset.lang;

export async function part(path, query = {}, signal = undefined) {
  const response = await fetch(`/desk/parts/${path}?${new URLSearchParams({ ...query, lang: LANGUAGE })}`, { signal });
  await check(response);
  return response.text();
}

export function act(id, action, body = {}, method = "POST", signal = undefined) {
  return call(method, `conversations/${id}/${action}`, body, signal);
}

export async function call(method, path, body, signal = undefined) {
  const response = await fetch(`/api/v1/desk/${path}`, {
    method,
    signal,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  await check(response);
  return response.json();
}

async function check(response) {
  if (response.status === 401 || response.redirected) location.assign(`/desk/sign-in?lang=${LANGUAGE}`);
  if (response.ok) return;
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  throw Object.assign(new Error(problem.detail), problem);
}
