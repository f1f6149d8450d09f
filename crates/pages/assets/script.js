// Makes pages nicer; none of them needs it. Works on what the server marked with data- attributes.
"use strict";

const all = (selector) => document.querySelectorAll(selector);

// Times in the reader's own zone and language, and what only works with script.
function dress(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const options = time.dataset.local === "day"
      ? { dateStyle: "medium" }
      : { dateStyle: "medium", timeStyle: "short" };
    time.title = time.textContent;
    time.textContent = at.toLocaleString(document.documentElement.lang, options);
  }
  for (const part of root.querySelectorAll("[data-with-script]")) part.hidden = false;
}
dress(document);

// Asks before a form does something that cannot be taken back; then keeps it from being sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // After a download the page is still there.
  if (form.method !== "post" || form.hasAttribute("data-download")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) delete form.dataset.sent;
  for (const button of all("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Filters that apply themselves.
for (const form of all("form[data-autosubmit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
}

// Empty filters stay out of the address.
for (const form of all("form[data-tidy]")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      if (value === "") event.formData.delete(name);
    }
  });
}

// Buttons that copy.
for (const button of all("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const text = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = text; }, 1500);
  });
}

// Rows that can be added to a form: the last one is copied and emptied.
for (const button of all("[data-add-row]")) {
  const list = document.getElementById(button.dataset.addRow);
  if (!list) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const rows = list.querySelectorAll("[data-row]");
    const last = rows[rows.length - 1];
    if (!last || rows.length >= Number(list.dataset.most ?? 60)) return;
    const next = last.cloneNode(true);
    for (const part of next.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(/(\[|-)\d+(\]|-)/, `$1${rows.length}$2`));
      }
      if (part.matches("input:not([type=checkbox], [type=radio]), select, textarea")) part.value = "";
      if (part.matches("[type=checkbox], [type=radio]")) part.checked = false;
    }
    list.append(next);
    next.querySelector("input, select, textarea")?.focus();
  });
}

// The tab one is on, where they do not all fit.
for (const tab of all(".tabs [aria-current]")) {
  const tabs = tab.parentElement;
  tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

// A box that ticks all others of a name.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.all;
  if (!name) return;
  for (const box of all("input[type=checkbox]")) if (box.name === name) box.checked = event.target.checked;
});

// Says aloud what is wrong with a form.
document.querySelector("[data-focus]")?.focus();
