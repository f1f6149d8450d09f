
// Papers of a loan: dropped or picked, each with a place of its own, sent one after another.
for (const form of all("form[data-upload]")) {
  const [picker, filing] = [form.elements.namedItem("file"), form.elements.namedItem("filing")];
  const [list, said, pattern] = ["[data-files]", "[data-said]", "template"].map((s) => form.querySelector(s));
  const limits = { bytes: Number(form.dataset.maxBytes), most: Number(form.dataset.most) };
  let isSending = false;
  // Each file has a choice of its own here; the one above only begins it.
  form.noValidate = true;

  const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const waiting = () => [...list.children].filter((row) => row.dataset.state !== "done");
  const say = (text) => { said.textContent = text; };
  const tell = (row, state, text) => {
    row.dataset.state = state;
    row.querySelector("[data-result]").textContent = text;
    row.querySelector("[data-progress]").hidden = state !== "sending";
  };

  function add(files) {
    for (const file of files) {
      if (list.children.length >= limits.most) {
        say(`At most ${limits.most} files at a time.`);
        break;
      }
      const row = pattern.content.firstElementChild.cloneNode(true);
      const place = row.querySelector("[data-place]");
      row.paper = file;
      row.querySelector("[data-name]").textContent = file.name;
      row.querySelector("[data-size]").textContent = size(file.size);
      row.querySelector("[data-drop] .visually-hidden").textContent = `Leave ${file.name} out`;
      row.querySelector("[data-progress]").setAttribute("aria-label", `How much of ${file.name} is uploaded`);
      place.setAttribute("aria-label", `What ${file.name} is`);
      place.value = filing.value;
      list.append(row);
      if (file.size > limits.bytes) tell(row, "bad", `Larger than ${form.dataset.maxSize}.`);
    }
    list.hidden = list.children.length === 0;
    if (!list.hidden) say(`${waiting().length} chosen. Say what each is, then upload.`);
  }

  picker.addEventListener("change", () => {
    add(picker.files);
    picker.value = "";
  });
  filing.addEventListener("change", () => {
    for (const row of waiting()) {
      const place = row.querySelector("[data-place]");
      if (place.value === "") place.value = filing.value;
    }
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-drop]")?.closest("li");
    if (!row || isSending) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    list.hidden = list.children.length === 0;
    (next?.querySelector("select") ?? picker).focus();
  });

  // Anywhere on the page; the form says where it lands.
  let over = 0;
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const mark = (change) => {
    over = Math.max(0, over + change);
    form.classList.toggle("is-over", over > 0);
  };
  document.addEventListener("dragenter", (event) => { if (hasFiles(event)) mark(1); });
  document.addEventListener("dragleave", (event) => { if (hasFiles(event)) mark(-1); });
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(-over);
    add(event.dataTransfer.files);
    form.scrollIntoView({ block: "nearest" });
  });

  // One file: what the server said of it, or nothing when all is well.
  function send(row) {
    return new Promise((resolve) => {
      const bar = row.querySelector("[data-progress]");
      const body = new FormData();
      const token = form.elements.namedItem("form_token").value;
      body.append("filing", row.querySelector("[data-place]").value);
      if (form.elements.namedItem("satisfies")?.checked) body.append("satisfies", "1");
      body.append("file", row.paper);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("x-form-token", token);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
      });
      request.addEventListener("loadend", () => {
        let told = ["The upload broke off. Try again."];
        try {
          const answer = JSON.parse(request.responseText);
          told = request.status === 200 ? [] : answer.wrong;
          // The name stands above it already.
          const name = `${row.paper.name}: `;
          told = told.map((text) => (text.startsWith(name) ? text.slice(name.length) : text));
        } catch { /* no answer of ours */ }
        resolve(told.join(" "));
      });
      request.send(body);
    });
  }

  // The list and the counts as they are now.
  async function refresh() {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["papers", "loan-tabs"]) {
      const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (!old || !fresh) continue;
      dress(fresh);
      old.replaceWith(fresh);
    }
  }

  form.addEventListener("submit", async (event) => {
    if (list.children.length === 0) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-busy", "true");
    let [done, bad] = [0, 0];
    for (const row of waiting()) {
      if (row.paper.size > limits.bytes) {
        bad += 1;
        continue;
      }
      if (row.querySelector("[data-place]").value === "") {
        tell(row, "bad", "Choose what it is.");
        bad += 1;
        continue;
      }
      tell(row, "sending", "");
      const wrong = await send(row);
      tell(row, wrong ? "bad" : "done", wrong || "Filed.");
      if (wrong) bad += 1;
      else done += 1;
    }
    await refresh().catch(() => {});
    for (const row of [...list.children]) if (row.dataset.state === "done") row.remove();
    list.hidden = list.children.length === 0;
    say(`${done} filed.${bad ? ` ${bad} could not be: see the list.` : ""}`);
    form.dataset.told = said.textContent;
    button.removeAttribute("aria-busy");
    isSending = false;
    if (bad) list.querySelector("[data-state=bad] select")?.focus();
  });
  addEventListener("beforeunload", (event) => { if (isSending) event.preventDefault(); });
}
