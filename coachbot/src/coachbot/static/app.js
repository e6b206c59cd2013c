// Two small things: a form is sent once however often it is clicked, and the chat.
"use strict";

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
    button.setAttribute("aria-disabled", "true");
  });
}
// A page that comes back from the browser's memory is usable again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
});

const NOTICE = "This is an automatic notice, not an answer.";
const UNANSWERED = "This question has no answer yet.";
const talk = document.getElementById("talk");
if (talk) startChat(talk, document.getElementById("composer"));

function startChat(talk, composer) {
  const input = composer.elements.message;
  const send = composer.querySelector("button");
  const draft = keptDraft(talk.dataset.owner);
  const tabs = new BroadcastChannel(`talk-${talk.dataset.owner}`);
  const running = new Map();
  let following = true;

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    if (running.size) return stop();
    const text = input.value.trim();
    if (!text) return;
    write("");
    ask(addTurn(newId(), text));
  });
  input.addEventListener("input", () => write(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!running.size) composer.requestSubmit();
    }
  });
  talk.addEventListener("click", (event) => {
    if (running.size) return;
    if (event.target.matches(".idea")) ask(addTurn(newId(), event.target.textContent));
    if (event.target.matches(".again")) ask(event.target.closest(".turn"));
  });
  document.querySelector("form[action='/logout']").addEventListener("submit", () => draft.keep(""));
  // Whoever reads the end keeps seeing it when words are added or the keyboard opens.
  talk.addEventListener("scroll", () => { following = atEnd(); });
  new ResizeObserver(() => { if (following) toEnd(); }).observe(talk);
  // Another tab asked, or this one comes back from the background or the browser's memory: show what was said since.
  tabs.addEventListener("message", catchUp);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) catchUp(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) catchUp(); });
  write(draft.text());
  for (const turn of talk.querySelectorAll(".turn[data-status=pending]")) follow(turn);
  toEnd();

  function write(text) {
    if (input.value !== text) input.value = text;
    draft.keep(text);
    input.style.height = "auto";
    input.style.height = input.scrollHeight + "px";
  }

  function addTurn(id, text) {
    const turn = make("div", "turn");
    turn.dataset.id = id;
    const mine = make("p", "bubble mine");
    mine.append(make("span", "unseen", "You: "), make("span", "question", text));
    const theirs = make("div", "bubble theirs");
    theirs.append(make("span", "unseen", "Companion: "), make("span", "answer"));
    turn.append(mine, theirs);
    talk.append(turn);
    return turn;
  }

  // Ask, or ask again: the same id is the same question, however often it is sent.
  function ask(turn) {
    return answered(turn, () => post(turn));
  }

  // Show the rest of an answer that is being made for another connection.
  function follow(turn) {
    return answered(turn, () => reread(turn));
  }

  async function answered(turn, connect) {
    if (running.has(turn.dataset.id)) return;
    running.set(turn.dataset.id, turn);
    const answer = turn.querySelector(".answer");
    turn.querySelector(".trouble")?.remove();
    forget(turn);
    answer.classList.add("waiting");
    showState(turn);
    toEnd();
    for (const pause of [1000, 2000, 4000, 0]) {
      try {
        await stream(turn, await connect());
        break;
      } catch {
        if (!pause) trouble(turn, "The connection was lost. Your question is kept.", true);
        else await new Promise((done) => setTimeout(done, pause));
        connect = () => resume(turn);
      }
    }
    answer.classList.remove("waiting");
    running.delete(turn.dataset.id);
    showState(turn);
  }

  async function post(turn) {
    const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
    const body = JSON.stringify({ message: turn.querySelector(".question").textContent, message_id: turn.dataset.id });
    if (turn.dataset.last) headers["Last-Event-ID"] = turn.dataset.last;
    const response = await fetch("/api/chat", { method: "POST", headers, body });
    if (response.ok) tabs.postMessage("asked");
    return response;
  }

  function reread(turn) {
    const headers = turn.dataset.last ? { "Last-Event-ID": turn.dataset.last } : {};
    return fetch(`/api/chat/messages/${turn.dataset.id}`, { headers });
  }

  // Go on after the last piece that arrived; a question that never arrived is sent again.
  async function resume(turn) {
    const response = await reread(turn);
    return response.status === 404 ? post(turn) : response;
  }

  async function stream(turn, response) {
    if (response.status === 401) return loggedOut(turn);
    if (response.status === 404) return trouble(turn, UNANSWERED, true);
    if (!response.ok) return refused(turn, response);
    if (input.value === turn.querySelector(".question").textContent) write("");
    const answer = turn.querySelector(".answer");
    for await (const event of events(response.body)) {
      if (event.id) turn.dataset.last = event.id;
      if (event.type === "restart") forget(turn);
      if (event.type === "error") return trouble(turn, event.data.message, event.data.retryable);
      if (event.type === "done") {
        withLinks(answer);
        return turn.dataset.canned && trouble(turn, NOTICE, turn.dataset.canned === "true");
      }
      if (event.type !== "message") continue;
      if (event.data.canned) turn.dataset.canned = String(event.data.canned.retryable);
      answer.classList.remove("waiting");
      answer.textContent += event.data.delta;
      if (following) toEnd();
    }
    throw new Error("the stream ended early");
  }

  function forget(turn) {
    turn.querySelector(".answer").textContent = "";
    delete turn.dataset.last;
    delete turn.dataset.canned;
  }

  async function refused(turn, response) {
    const unclear = { message: "That did not work.", retryable: response.status >= 500 };
    const problem = await response.json().catch(() => unclear);
    keepQuestion(turn);
    trouble(turn, problem.message, problem.retryable);
  }

  function loggedOut(turn) {
    keepQuestion(turn);
    const note = trouble(turn, "You have been logged out. Your text is kept on this page. ", false);
    const link = make("a", "", "Log in again");
    link.href = "/login";
    note.append(link);
  }

  // What was not taken goes back to where it was typed, unless something new is there already.
  function keepQuestion(turn) {
    if (!input.value) write(turn.querySelector(".question").textContent);
  }

  function stop() {
    for (const id of running.keys()) fetch(`/api/chat/messages/${id}`, { method: "DELETE" }).catch(() => {});
  }

  async function catchUp() {
    const response = await fetch("/api/history").catch(() => null);
    if (!response?.ok) return;
    for (const said of (await response.json()).messages) {
      const known = talk.querySelector(`.turn[data-id="${CSS.escape(said.message_id)}"]`);
      if (known && (running.has(said.message_id) || known.dataset.status === said.status)) continue;
      const turn = known ?? addTurn(said.message_id, said.question);
      if (said.status === "pending") follow(turn);
      else show(turn, said);
    }
  }

  function show(turn, said) {
    turn.dataset.status = said.status;
    turn.querySelector(".trouble")?.remove();
    turn.querySelector(".answer").textContent = said.answer;
    withLinks(turn.querySelector(".answer"));
    if (said.status === "canned") trouble(turn, NOTICE, true);
    else if (said.status !== "done") trouble(turn, said.answer ? "The answer broke off." : UNANSWERED, true);
  }

  function withLinks(answer) {
    const parts = answer.textContent.split(/(https?:\/\/[^\s<>"]+)/);
    answer.replaceChildren(...parts.map((part, index) => {
      if (index % 2 === 0) return part;
      const link = make("a", "", part);
      link.href = part;
      link.rel = "noopener";
      return link;
    }));
  }

  function trouble(turn, message, retryable) {
    turn.querySelector(".trouble")?.remove();
    const note = make("p", "trouble", message);
    if (retryable) {
      const again = make("button", "again", "Ask again");
      again.type = "button";
      note.append(again);
    }
    turn.append(note);
    toEnd();
    return note;
  }

  function showState(turn) {
    const busy = running.size > 0;
    send.textContent = busy ? "Stop" : "Send";
    send.formNoValidate = busy; // stopping needs no text
    turn.setAttribute("aria-busy", String(running.has(turn.dataset.id)));
    if (!busy && matchMedia("(hover: hover)").matches) input.focus();
  }

  function atEnd() {
    return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  }

  function toEnd() {
    talk.scrollTop = talk.scrollHeight;
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What is typed outlives a reload and a log-in in this tab; it is nobody else's.
function keptDraft(owner) {
  const kept = JSON.parse(sessionStorage.getItem("draft") ?? "{}");
  return {
    text: () => (kept.owner === owner ? kept.text : ""),
    keep: (text) => sessionStorage.setItem("draft", JSON.stringify({ owner, text })),
  };
}

async function* events(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) yield parsed(block);
  }
}

function parsed(block) {
  const event = { id: "", type: "comment", data: {} };
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) event.id = line.slice(4);
    if (line.startsWith("event: ")) event.type = line.slice(7);
    if (line.startsWith("data: ")) {
      event.data = JSON.parse(line.slice(6));
      if (event.type === "comment") event.type = "message";
    }
  }
  return event;
}

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
