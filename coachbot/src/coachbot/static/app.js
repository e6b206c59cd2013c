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

const talk = document.getElementById("talk");
if (talk) startChat(talk, document.getElementById("composer"));

function startChat(talk, composer) {
  const input = composer.elements.message;
  const send = composer.querySelector("button");
  let busy = false;
  let following = true;

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || busy) return;
    input.value = "";
    fit();
    ask(addTurn(newId(), text));
  });
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });
  talk.addEventListener("click", (event) => {
    if (busy) return;
    if (event.target.matches(".idea")) ask(addTurn(newId(), event.target.textContent));
    if (event.target.matches(".again")) ask(event.target.closest(".turn"));
  });
  // Whoever reads the end keeps seeing it when words are added or the keyboard opens.
  talk.addEventListener("scroll", () => { following = atEnd(); });
  new ResizeObserver(() => { if (following) toEnd(); }).observe(talk);
  toEnd();

  function fit() {
    input.style.height = "auto";
    input.style.height = input.scrollHeight + "px";
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
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

  async function ask(turn) {
    const answer = turn.querySelector(".answer");
    turn.querySelector(".trouble")?.remove();
    answer.textContent = "";
    answer.classList.add("waiting");
    setBusy(true, turn);
    toEnd();
    try {
      await stream(turn, answer);
    } catch {
      trouble(turn, "The connection was lost. Your question is kept.", true);
    }
    answer.classList.remove("waiting");
    setBusy(false, turn);
  }

  async function stream(turn, answer) {
    const body = { message: turn.querySelector(".question").textContent, message_id: turn.dataset.id };
    const response = await fetch("/api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(body),
    });
    if (response.status === 401) return location.assign("/login");
    if (!response.ok) {
      const problem = await response.json();
      return trouble(turn, problem.message, problem.retryable);
    }
    let canned = null;
    for await (const event of events(response.body)) {
      if (event.type === "error") return trouble(turn, event.data.message, event.data.retryable);
      if (event.type === "done") {
        withLinks(answer);
        return canned && trouble(turn, "This is an automatic notice, not an answer.", canned.retryable);
      }
      canned = event.data.canned ?? canned;
      answer.classList.remove("waiting");
      answer.textContent += event.data.delta;
      if (following) toEnd();
    }
    throw new Error("the stream ended early");
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
    const note = make("p", "trouble", message);
    if (retryable) {
      const again = make("button", "again", "Ask again");
      again.type = "button";
      note.append(again);
    }
    turn.append(note);
    toEnd();
  }

  function setBusy(now, turn) {
    busy = now;
    send.disabled = now;
    turn.setAttribute("aria-busy", String(now));
    if (!now && matchMedia("(hover: hover)").matches) input.focus();
  }

  function atEnd() {
    return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  }

  function toEnd() {
    talk.scrollTop = talk.scrollHeight;
  }
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
  const event = { type: "message", data: {} };
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) event.type = line.slice(7);
    if (line.startsWith("data: ")) event.data = JSON.parse(line.slice(6));
  }
  return event;
}

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
