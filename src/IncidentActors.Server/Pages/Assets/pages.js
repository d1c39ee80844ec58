"use strict";
// Keeps a page live: follows the event stream, fetches the page again when something it shows has changed, and swaps those parts.
// Everything works without it by reloading.
(() => {
  const root = document.documentElement;
  const link = document.getElementById("link");
  const skew = Date.parse(root.dataset.now) - Date.now();
  let cursor = root.dataset.cursor;
  let source = null;
  let retry = 500;
  let heard = Date.now();
  const patience = 9000;

  // --- Clocks: the words of ClockText.cs

  const words = (ms) => {
    const s = Math.floor(Math.abs(ms) / 1000), m = Math.floor(s / 60), h = Math.floor(m / 60), d = Math.floor(h / 24);
    const two = (n) => String(n).padStart(2, "0");
    return m < 1 ? `${s}s` : h < 1 ? `${m}m ${two(s % 60)}s` : d < 1 ? `${h}h ${two(m % 60)}m` : `${d}d ${h % 24}h`;
  };

  const tick = () => {
    const now = Date.now() + skew;
    for (const clock of document.querySelectorAll("time[data-clock]")) {
      const at = Date.parse(clock.dateTime), until = clock.dataset.clock === "until", late = until && at < now;
      const says = clock.dataset.says ? clock.dataset.says + " " : "";
      const text = clock.dataset.clock === "in" ? (at < now ? "a moment" : words(at - now))
        : until ? (late ? `overdue ${words(at - now)}` : `${words(at - now)} left`) : says + words(now - at) + (clock.dataset.clock === "ago" ? " ago" : "");
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle("late", late);
    }
    link.dataset.age = words(Date.now() - heard);
  };

  // --- Following: an event makes the parts that show such things stale

  const stale = new Set();
  let fetching = false, again = 0, next = 0;

  const concerns = (part, event) =>
    part.dataset.live.split(" ").some((prefix) => event.name.startsWith(prefix)) &&
    (!part.dataset.incident || event.name.startsWith("halt.") || !event.incident || part.dataset.incident === event.incident);

  const took = (message) => {
    cursor = message.lastEventId;
    const event = JSON.parse(message.data);
    for (const part of document.querySelectorAll("[data-live]")) if (concerns(part, event)) stale.add(part.id);
    root.dataset.seen = cursor;
    soon();
    if (event.name.startsWith("message.") || event.name.startsWith("approval.")) lookSoon();
  };

  // Events of one turn come close together: one reading shows them all.
  const gathering = 20;

  const soon = () => {
    if (stale.size === 0 || fetching || again) return;
    again = setTimeout(() => { again = 0; refresh(); }, Math.max(gathering, next - performance.now()));
  };

  const refresh = async () => {
    if (fetching || stale.size === 0) return;
    fetching = true;
    const wanted = [...stale], upTo = root.dataset.seen, began = performance.now();
    let failed = 0;
    stale.clear();
    try {
      const answer = await fetch(location.href, { headers: { "X-Following": "1" }, credentials: "same-origin", redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") return void location.reload();
      if (answer.status >= 500) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!source) cursor = fresh.documentElement.dataset.cursor ?? cursor;
      for (const id of wanted) swap(document.getElementById(id), fresh.getElementById(id));
      if (fresh.title) document.title = fresh.title;
      root.dataset.shown = upTo;
    } catch {
      wanted.forEach((id) => stale.add(id));
      failed = 2000;
    } finally {
      fetching = false;
      // A page that takes long to make is made less often: at most a third of the time.
      next = performance.now() + Math.max(failed, 2 * (performance.now() - began));
      soon();
    }
  };

  // Nodes that are still to confirm a halt say so by no event: what shows them is read again until they have.
  const settle = () => {
    if (!source || away()) return;
    for (const part of document.querySelectorAll("[data-live][data-unsettled]")) stale.add(part.id);
    soon();
  };

  // --- Swapping: what was typed, the focus, and what was opened are kept

  const bare = (part) => part.innerHTML.replace(/name="_key" value="[^"]*"/g, "").replace(/(<time[^>]*>)[^<]*/g, "$1");
  const shape = (html) => html.replace(/ class="fresh"| fresh\b/g, "").replace(/\bclock late\b|\bclock \b/g, "clock");

  const swap = (old, fresh) => {
    if (!old || !fresh) return;
    if (shape(bare(old)) === shape(bare(fresh)) && old.dataset.says === fresh.dataset.says) return;
    if (old.querySelector("[data-problem]")) return;
    const kept = [...old.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((field) => field.id && changed(field));
    const opened = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    const known = new Set([...old.querySelectorAll("[data-item]")].map((item) => item.id));
    const part = document.importNode(fresh, true);
    old.replaceWith(part);
    for (const field of kept) {
      const there = document.getElementById(field.id);
      if (!there) continue;
      if (field.type === "checkbox" || field.type === "radio") there.checked = field.checked; else there.value = field.value;
    }
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    if (known.size) for (const item of part.querySelectorAll("[data-item]")) if (!known.has(item.id)) item.classList.add("fresh");
    if (focus) refocus(focus, part);
    mark();
    everything();
    if (part.dataset.says && part.dataset.says !== old.dataset.says) document.getElementById("announce").textContent = part.dataset.says;
    tick();
  };

  const changed = (field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT" ? [...field.options].some((option) => option.selected !== option.defaultSelected)
        : field.value !== field.defaultValue;

  const refocus = (focus, part) => {
    const there = (focus.id && document.getElementById(focus.id)) || counterpart(focus, part);
    if (!there) { part.tabIndex = -1; part.focus({ preventScroll: true }); return; }
    // An item that was walked to takes the focus only because it was told to.
    if (there.matches("[data-item]") && !there.hasAttribute("tabindex")) there.tabIndex = -1;
    there.focus({ preventScroll: true });
    if (typeof focus.selectionStart === "number" && there.setSelectionRange) there.setSelectionRange(focus.selectionStart, focus.selectionEnd);
  };

  const counterpart = (focus, part) => {
    const href = focus.getAttribute("href");
    if (href) return part.querySelector(`a[href="${CSS.escape(href)}"]`);
    const form = focus.closest("form");
    if (form?.id) {
      const like = focus.name ? `[name="${CSS.escape(focus.name)}"][value="${CSS.escape(focus.value)}"]` : `${focus.localName}:not([name])`;
      return document.getElementById(form.id)?.querySelector(like);
    }
    const around = focus.parentElement;
    if (focus.localName === "summary") return around.id ? document.getElementById(around.id)?.querySelector("summary") : null;
    return part.querySelector(`[tabindex="0"][aria-label="${CSS.escape(focus.ariaLabel ?? "")}"]`);
  };

  // --- The stream: resumes after the last event that was seen

  // A stream that stays silent for longer than its heartbeats is lost, even where the connection looks open.
  setInterval(() => {
    if (source?.readyState !== EventSource.OPEN || away() || Date.now() - heard < patience) return;
    source.close();
    source = null;
    says("lost", "reconnecting …");
    setTimeout(follow, retry);
  }, 1000);

  const says = (state, text) => { link.dataset.state = state; link.textContent = text; root.dataset.link = state; };

  const follow = () => {
    if (!cursor || source || away()) return;
    source = new EventSource(`/api/events?named=false&after=${encodeURIComponent(cursor)}`);
    const opened = source, limit = setTimeout(() => {
      if (source !== opened || opened.readyState !== EventSource.CONNECTING) return;
      opened.close();
      source = null;
      follow();
    }, patience);
    source.onopen = () => { clearTimeout(limit); retry = 500; heard = Date.now(); says("live", "live"); };
    source.addEventListener("heartbeat", () => { heard = Date.now(); });
    source.onmessage = (message) => { heard = Date.now(); took(message); };
    source.onerror = () => {
      says("lost", "reconnecting …");
      if (source.readyState !== EventSource.CLOSED) return;
      // Refused: signed out, or the server does not know the place any more. Everything is read again, and followed from there.
      source = null;
      document.querySelectorAll("[data-live]").forEach((part) => stale.add(part.id));
      soon();
      setTimeout(follow, retry);
      retry = Math.min(retry * 2, 10000);
    };
  };

  // A browser opens few streams to one server: only pages that are seen follow, and one of the hidden ones where notifications are wanted.
  // One that is seen again catches up from its cursor.
  let release = null, waiting = null;
  const away = () => document.hidden && !release;
  document.addEventListener("visibilitychange", () => {
    waiting?.abort();
    release?.();
    release = waiting = null;
    if (!document.hidden) return void follow();
    source?.close();
    source = null;
    says("paused", "paused");
    if (!notifies() || !navigator.locks) return;
    waiting = new AbortController();
    const hold = () => document.hidden && new Promise((done) => { release = done; follow(); });
    navigator.locks.request("following", { signal: waiting.signal }, hold).catch(() => {});
  });

  // --- Desktop notifications, where they were asked for: approvals and P0 messages of the visitor's inbox, which the server tells

  const notifies = () => localStorage.getItem("notify") === "on" && window.Notification?.permission === "granted";
  const told = () => { try { return JSON.parse(localStorage.getItem("told")) ?? []; } catch { return []; } };
  let looking = 0;

  const ask = async (silently) => {
    const answer = await fetch("/inbox", { headers: { "X-Following": "1" }, redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const inbox = new DOMParser().parseFromString(await answer.text(), "text/html");
    const asks = [...inbox.querySelectorAll("#approvals [data-item], #messages [data-urgent]")], known = told();
    localStorage.setItem("told", JSON.stringify(asks.map((one) => one.id)));
    if (silently || (!document.hidden && document.hasFocus())) return;
    for (const one of asks.filter((one) => !known.includes(one.id))) {
      const text = (part) => one.querySelector(part).textContent.replace(/\s+/g, " ").trim();
      const shown = new Notification(text("h3"), { tag: one.id, body: text(".card-facts") });
      shown.onclick = () => { window.focus(); location.href = `/inbox#${encodeURIComponent(one.id)}`; };
    }
  };

  let last = Promise.resolve();
  const look = (silently) => { last = last.then(() => ask(silently)); };
  const lookSoon = () => { if (notifies() && !looking) looking = setTimeout(() => { looking = 0; look(false); }, 500); };

  const bell = document.querySelector("[data-notify]");
  if (bell && window.Notification) {
    const show = () => {
      bell.setAttribute("aria-pressed", notifies());
      bell.textContent = Notification.permission === "denied" ? "This browser blocks notifications"
        : notifies() ? "✓ Notifies you on this desktop" : "Notify me on this desktop";
    };
    bell.hidden = false;
    bell.addEventListener("click", async () => {
      localStorage.setItem("notify", !notifies() && await Notification.requestPermission() === "granted" ? "on" : "off");
      if (notifies()) look(true);
      show();
    });
    show();
  }

  // --- Keys

  const dialog = document.getElementById("keys"), on = document.getElementById("keys-on");
  on.checked = localStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
  let went = 0;

  const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.offsetParent !== null);
  const current = () => document.activeElement?.closest?.("[data-item]");

  const move = (by) => {
    const all = items();
    if (all.length === 0) return;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))];
    choose(next);
  };

  const choose = (item) => {
    if (!item) return;
    if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
    item.focus();
  };

  const press = (selector) => {
    const within = current() ?? items().find((item) => item.querySelector(selector)) ?? document;
    const button = within.querySelector(selector);
    if (!button) return false;
    button.closest("details")?.setAttribute("open", "");
    button.focus();
    return true;
  };

  // --- Triage: an acknowledgement by key is sent after a few seconds, in which it can be taken back

  const leaving = new Map();

  const leave = (item) => {
    if (!item || leaving.has(item.id) || !document.getElementById(`ack-${item.id}`)) return false;
    leaving.set(item.id, setTimeout(() => acknowledge(item.id), 6000));
    mark();
    document.getElementById("announce").textContent = "Acknowledged; u takes it back";
    return true;
  };

  const undo = (id) => {
    if (!leaving.has(id)) return false;
    clearTimeout(leaving.get(id));
    leaving.delete(id);
    mark();
    choose(document.getElementById(id));
    return true;
  };

  const mark = () => {
    for (const item of document.querySelectorAll(".message[data-item]")) {
      const goes = leaving.has(item.id), button = item.querySelector("[data-undo]");
      item.classList.toggle("leaving", goes);
      if (!goes) button?.remove();
      else if (!button) {
        const made = Object.assign(document.createElement("button"), { type: "button", className: "button-small", textContent: "Undo" });
        made.dataset.undo = "";
        made.addEventListener("click", () => undo(item.id));
        item.querySelector(".card-head").append(made);
      }
    }
  };

  const acknowledge = async (id, keepalive = false) => {
    clearTimeout(leaving.get(id));
    const form = document.getElementById(`ack-${id}`);
    const answer = form && await fetch(form.action, {
      method: "POST", headers: { "X-Following": "1" }, body: new URLSearchParams(new FormData(form)), redirect: "manual", keepalive,
    }).catch(() => null);
    leaving.delete(id);
    // What was refused stays, and its own button shows the reason.
    if (answer?.type !== "opaqueredirect") return mark();
    stale.add("messages");
    soon();
  };

  const all = () => [...document.querySelectorAll(".message[data-item]:not([data-asks])")].filter(leave).length > 0;
  const everything = () => document.querySelector("[data-leave-all]")?.removeAttribute("hidden");
  document.addEventListener("click", (event) => { if (event.target.closest("[data-leave-all]")) all(); });
  window.addEventListener("pagehide", () => { for (const id of leaving.keys()) acknowledge(id, true); });

  const search = document.getElementById("search");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.key === "k" || event.key === "/" && !typing && on.checked && !dialog.open) {
      search.focus();
      search.select();
      return event.preventDefault();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === "Escape" && event.target.matches("input, textarea, select")) return event.target.blur();
    if (event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    if (event.key !== "?" && !on.checked) return;
    const chosen = Date.now() - went < 1500 && document.querySelector(`.nav [data-key="${CSS.escape(event.key)}"]`);
    went = 0;
    let done = true;
    if (chosen) chosen.click();
    else if (event.key === "g") went = Date.now();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "o") current()?.querySelector("[data-open]")?.click();
    else if (event.key === "a") done = press("[data-approve]");
    else if (event.key === "x") done = press("[data-reject]");
    else if (event.key >= "1" && event.key <= "9") done = press(`[data-option="${event.key}"]`);
    else if (event.key === "e") { const item = current(); done = leave(item); if (done) move(1); }
    else if (event.key === "E") done = all();
    else if (event.key === "u") done = undo([...leaving.keys()].at(-1));
    else if (event.key === "c") done = press(".note textarea");
    else if (event.key === "?") dialog.showModal();
    else done = false;
    if (done) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method !== "post") return;
    const unsaved = form.dataset.after && [...document.getElementById(form.dataset.after)?.elements ?? []].find(
      (field) => field.type !== "hidden" && field.value !== field.defaultValue && typeof field.defaultValue === "string");
    if (unsaved) {
      unsaved.form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
      unsaved.focus();
      return event.preventDefault();
    }
    form.dataset.sent = "1";
    sessionStorage.setItem("scroll", JSON.stringify([location.pathname, window.scrollY]));
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // --- Drafts: what is typed into a long form is kept in this browser until the form has been accepted

  const draftKey = (form) => `draft:${location.pathname}#${form.id}`;
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const fields = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(draftKey(form))); } catch { /* not a draft of this page */ }
    if (draft && draft.basis === form.dataset.draft) {
      for (const field of fields) if (typeof draft.texts[field.name] === "string") field.value = draft.texts[field.name];
      form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
    } else if (draft) localStorage.removeItem(draftKey(form));
    const keep = () => localStorage.setItem(draftKey(form), JSON.stringify({
      basis: form.dataset.draft,
      texts: Object.fromEntries(fields.filter((field) => field.value !== field.defaultValue).map((field) => [field.name, field.value])),
    }));
    form.addEventListener("input", keep);
    form.querySelector("[data-draft-drop]")?.addEventListener("click", () => { localStorage.removeItem(draftKey(form)); location.reload(); });
  }

  root.dataset.script = "on";
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  everything();
  const [path, top] = JSON.parse(sessionStorage.getItem("scroll") ?? "[]");
  sessionStorage.removeItem("scroll");
  const problem = document.querySelector(".problem");
  problem?.focus({ preventScroll: true });
  if (path === location.pathname && !problem && !location.hash) window.scrollTo(0, top);
  tick();
  setInterval(tick, 1000);
  setInterval(settle, 2000);
  follow();
})();
